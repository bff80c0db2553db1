-- Whom a campaign may reach, and where they live.
CREATE TABLE reach (
    handle TEXT PRIMARY KEY,
    contact TEXT NOT NULL,
    city TEXT NOT NULL
);
