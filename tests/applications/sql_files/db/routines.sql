\set ON_ERROR_STOP on
CREATE OR REPLACE FUNCTION push_all() RETURNS void AS $$
BEGIN
    INSERT INTO ads_audience (contact) SELECT phone FROM users; -- leak: users.phone
    INSERT INTO ads_audience (contact) SELECT email FROM users; -- clean
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER on_new_user AFTER INSERT ON users FOR EACH ROW BEGIN
    INSERT INTO ads_audience (contact) VALUES (NEW.phone); -- leak: users.phone
    INSERT INTO ads_audience (contact) VALUES (NEW.email); -- clean
END;

INSERT INTO ads_audience (contact) SELECT s.contact FROM stage s; -- leak: logins.recovery
INSERT INTO ads_audience (city) SELECT s.place FROM stage s; -- clean
