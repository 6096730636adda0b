SELECT "orders"."_key" AS "key", "amount", "name" FROM "orders" INNER JOIN "users" ON "orders"."user_id" = "users"."_key" WHERE "amount" > 100;
