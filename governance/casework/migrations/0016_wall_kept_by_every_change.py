"""The recusal wall: further numbers of parties, why somebody is asked about, messages that were withheld."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0015_holiday_arrangements'),
        ('organisation', '0008_former_phones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartyPhone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_hash', models.CharField(db_index=True, max_length=64)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='message',
            name='withheld_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='staffmatch',
            name='ground',
            field=models.CharField(choices=[('name', 'the same name'), ('phone', 'the same number')], default='name', max_length=10),
        ),
        migrations.AddField(
            model_name='partyphone',
            name='party',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='further_phones', to='casework.party'),
        ),
        migrations.AddConstraint(
            model_name='partyphone',
            constraint=models.UniqueConstraint(fields=('party', 'phone_hash'), name='party_phone_once'),
        ),
    ]
