"""The database itself refuses two roles that exclude each other, and gives every role its second factor."""

from django.db import migrations

PAIRS = (
    ("administrator", "data_protection"),
    ("administrator", "protection"),
    ("data_protection", "field"),
    ("data_protection", "coordinator"),
    ("data_protection", "protection"),
    *(
        (outside, inside)
        for outside in ("consular", "liaison")
        for inside in ("field", "coordinator", "protection", "programme", "data_protection", "administrator")
    ),
)
LISTED = ", ".join(f"('{one}', '{other}')" for one, other in PAIRS)
ROLES = f"""
create function homeward_check_membership() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    held text;
begin
    -- Two grants at once wait for each other here.
    perform from accounts_user where id = new.user_id for update;
    select other.role into held from partners_membership other
    where other.user_id = new.user_id and other.id <> new.id
      and tstzrange(other.valid_from, other.valid_until) && tstzrange(new.valid_from, new.valid_until)
      and exists (select from (values {LISTED}) pair(one, two)
                  where (pair.one, pair.two) in ((new.role, other.role), (other.role, new.role)))
    limit 1;
    if held is not null then
        raise exception 'Nobody may hold the roles % and % at once.', new.role, held
            using errcode = 'check_violation', constraint = 'roles_that_exclude_each_other';
    end if;
    update accounts_user set must_use_second_factor = true where id = new.user_id and not must_use_second_factor;
    return new;
end $$;
revoke all on function homeward_check_membership() from public;
create trigger membership_is_held_by_rules after insert or update of user_id, role, valid_from, valid_until
    on partners_membership for each row execute function homeward_check_membership();

create function homeward_check_second_factor() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from partners_membership where user_id = new.id
               and (valid_until is null or valid_until > clock_timestamp())) then
        raise exception 'Whoever holds a role must use a second factor.'
            using errcode = 'check_violation', constraint = 'role_needs_a_second_factor';
    end if;
    return new;
end $$;
revoke all on function homeward_check_second_factor() from public;
create trigger role_needs_a_second_factor before update of must_use_second_factor on accounts_user
    for each row when (old.must_use_second_factor and not new.must_use_second_factor)
    execute function homeward_check_second_factor();
"""  # noqa: S608  # nosec B608  # pairs of our own
NO_ROLES = """
drop trigger role_needs_a_second_factor on accounts_user;
drop function homeward_check_second_factor();
drop trigger membership_is_held_by_rules on partners_membership;
drop function homeward_check_membership();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_field_devices"), ("partners", "0008_organisations_by_code")]

    operations = [migrations.RunSQL(ROLES, NO_ROLES)]
