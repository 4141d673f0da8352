"""Working hours of the whole portal, where they are not the usual ones."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0019_webhooks_in_use_go_on'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('morning_opens', models.TimeField(verbose_name='morning, from')),
                ('morning_closes', models.TimeField(verbose_name='morning, until')),
                ('afternoon_opens', models.TimeField(verbose_name='afternoon, from')),
                ('afternoon_closes', models.TimeField(verbose_name='afternoon, until')),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
