"""How long matters are kept, what keeps one longer, and what is left of it afterwards."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0012_every_letter_is_found'),
        ('organisation', '0005_change_log_by_actor_and_kind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until_on', models.DateField(blank=True, null=True)),
                ('set_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RetentionPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('years', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('from_on', models.DateField()),
            ],
            options={
                'ordering': ['kind', 'outcome', '-from_on'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tombstone', serialize=False, to='casework.matter')),
                ('at', models.DateTimeField()),
                ('years', models.PositiveSmallIntegerField()),
                ('files_left', models.BooleanField(default=False)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='retentionhold',
            name='matter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='casework.matter'),
        ),
        migrations.AddField(
            model_name='retentionhold',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='retentionperiod',
            name='township',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(condition=models.Q(('files_left', True)), fields=['matter'], name='tombstone_files_left'),
        ),
        migrations.AddConstraint(
            model_name='retentionhold',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('matter',), name='hold_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionperiod',
            constraint=models.UniqueConstraint(fields=('township', 'kind', 'outcome', 'from_on'), name='retention_period_once_a_day'),
        ),
    ]
