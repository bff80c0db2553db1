-- The tables of the shop, as the database has them.
CREATE TABLE IF NOT EXISTS users (
    id serial PRIMARY KEY,
    email text NOT NULL,
    phone varchar(20), -- flowcheck: security-collected
    ads_consent boolean NOT NULL DEFAULT false
);

CREATE TABLE ads_audience ( -- flowcheck: advertising
    contact text,
    city text
);

CREATE TABLE uploads (
    -- flowcheck: supplied-for=advertising
    contact varchar(20),
    campaign int
);

CREATE TABLE `devices` (`id` int, `imei` varchar(40) COMMENT 'flowcheck: security-collected', `model` text);

CREATE TABLE logins (id int, recovery text, place text);
COMMENT ON COLUMN logins.recovery IS 'flowcheck: security-collected';

INSERT INTO users (id, email, phone) VALUES (1, 'a@example.com', '+47');
