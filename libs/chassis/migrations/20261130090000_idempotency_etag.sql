-- The version that an answer showed, so that the same request again gets the same ETag again.
alter table chassis.idempotency add column etag text;
