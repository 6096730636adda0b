SELECT COUNT(*) AS "count" FROM "users" WHERE "email" IS NULL OR ("email" LIKE '%@%') IS NOT TRUE;
