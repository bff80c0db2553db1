ALTER TABLE users ADD COLUMN backup_phone text; -- flowcheck: security-collected
ALTER TABLE users ADD COLUMN city text;
INSERT INTO ads_audience (contact) SELECT backup_phone FROM users; -- leak: users.backup_phone
INSERT INTO ads_audience (city) SELECT city FROM users; -- clean
