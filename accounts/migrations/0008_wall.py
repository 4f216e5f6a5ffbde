"""Accounts are reached by whoever signs in, by their owner and by the administrator; a session by its own key."""

from django.db import migrations

from common.wall import BuildWall, Rule, behind_account, by_name, of_staff, own_account, while_


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_token_grants"),
        ("common", "0005_wall"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("knox", "0009_extend_authtoken_field"),
        ("sessions", "0001_initial"),
    ]
    operations = [
        BuildWall(
            "accounts_user", own_account(), while_("sign-in"), of_staff("accounts"), of_staff("oversight", write=False)
        ),
        BuildWall("account_emailaddress", behind_account()),
        BuildWall(
            "account_emailconfirmation",
            while_("sign-in"),
        ),
        BuildWall("accounts_signin", behind_account()),
        BuildWall("accounts_remembereddevice", behind_account()),
        BuildWall("accounts_provideridentity", behind_account()),
        BuildWall("mfa_authenticator", behind_account()),
        BuildWall("knox_authtoken", behind_account()),
        BuildWall(
            "accounts_tokengrant",
            Rule("behind_token", "all", "exists (select from knox_authtoken parent where parent.digest = token_id)"),
        ),
        BuildWall("django_session", by_name("session", "session_key")),
    ]
