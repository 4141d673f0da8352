"""Numbers that members of staff had before they changed them, as keyed hashes; staff by name."""
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('organisation', '0007_login_log'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerPhone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_hash', models.CharField(db_index=True, max_length=64)),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['name'], name='user_name'),
        ),
        migrations.AddField(
            model_name='formerphone',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_phones', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='formerphone',
            constraint=models.UniqueConstraint(fields=('user', 'phone_hash'), name='former_phone_once'),
        ),
    ]
