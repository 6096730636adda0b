SELECT "name", "email", "last_seen" FROM "users" WHERE "active" = TRUE AND "last_seen" >= '2026-01-01' ORDER BY "last_seen" DESC NULLS LAST LIMIT 50;
