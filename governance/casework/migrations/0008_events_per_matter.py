"""How many events a matter has, told to the planner: a sample of a big table underestimates how many matters there are.

Some ten events are one matter's. With the estimate from the sample a question about one matter's events read every
event of its verb in the city.
"""
from django.db import migrations

TELL = "ALTER TABLE casework_event ALTER COLUMN matter_id SET (n_distinct = -0.1)"
FORGET = "ALTER TABLE casework_event ALTER COLUMN matter_id RESET (n_distinct)"


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_webhooks")]
    operations = [migrations.RunSQL(TELL, FORGET)]
