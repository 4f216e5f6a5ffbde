-- What the runtime role may do with what the owner makes. History takes UPDATE and DELETE back, table by table.
-- Run in the database `homeward` by its superuser; may be run again. `bin/run` and the container both use this file.
REVOKE ALL ON DATABASE homeward FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE homeward TO homeward_app;
ALTER SCHEMA public OWNER TO homeward_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO homeward_app;
ALTER DEFAULT PRIVILEGES FOR ROLE homeward_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO homeward_app;
ALTER DEFAULT PRIVILEGES FOR ROLE homeward_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO homeward_app;
