SELECT COUNT(*) AS "count" FROM "users" WHERE "email" IS NULL OR (instr("email", '@') > 0) IS NOT TRUE;
