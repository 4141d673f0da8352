"""Beat calls only tasks that exist: a name nobody answers to would be missed in silence."""
from governance.celery import app


def test_every_scheduled_task_is_there():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()
