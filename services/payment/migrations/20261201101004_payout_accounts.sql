-- A copy: whether the provider knows where a seller is paid.
set local lock_timeout = '5s';

alter table sellers
    -- Who was heard of before vendor-service told the provider is known there, or is refused by it.
    add column has_account boolean not null default true,
    add column payable_from timestamptz;
