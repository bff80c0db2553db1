INSERT INTO ads_audience (contact) SELECT phone FROM users; -- leak: users.phone
INSERT INTO ads_audience (contact) SELECT email FROM users; -- clean
INSERT INTO ads_audience (contact) -- leak: users.phone
SELECT sha256(u.phone) AS hashed
  FROM users AS u;
INSERT INTO ads_audience (city) SELECT count(phone) FROM users; -- clean
INSERT INTO ads_audience (contact) SELECT u.phone FROM users u WHERE u.ads_consent; -- allowed: users.phone
INSERT INTO ads_audience (contact) SELECT u.phone FROM users u WHERE NOT u.ads_consent; -- leak: users.phone
INSERT INTO ads_audience SELECT imei FROM devices; -- leak: devices.imei
INSERT INTO ads_audience SELECT model FROM devices; -- clean

SELECT u.id FROM users u JOIN uploads x ON x.contact = u.phone; -- match: users.phone
SELECT u.id FROM users u JOIN uploads x ON x.contact = u.email; -- clean
SELECT id FROM users WHERE phone IN (SELECT contact FROM uploads); -- match: users.phone
SELECT id FROM users WHERE phone IN (SELECT city FROM ads_audience); -- clean

CREATE TEMP TABLE stage AS SELECT id, recovery AS contact, place FROM logins;
UPDATE ads_audience SET contact = u.phone FROM users u WHERE u.id = 3; -- leak: users.phone
SELECT phone AS contact INTO ads_audience FROM users; -- leak: users.phone
WITH picked AS (SELECT phone p, email e FROM users)
INSERT INTO ads_audience (contact) SELECT e FROM picked; -- clean
