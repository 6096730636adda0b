SELECT * FROM "users" WHERE "_key" = 'alice';
