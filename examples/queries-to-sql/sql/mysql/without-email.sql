SELECT COUNT(*) AS `count` FROM `users` WHERE `email` IS NULL OR (`email` LIKE BINARY '%@%') IS NOT TRUE;
