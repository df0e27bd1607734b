-- The send ledger: one row per mail, for ever. What it shows is kept without names and addresses.
create table messages (
    message_id       uuid        not null,
    kind             text        not null,
    reference        text        not null,
    resend_of        uuid,
    recipient_id     uuid,
    vendor_id        uuid,
    letter           jsonb       not null,
    sealed           text,
    expires_at       timestamptz,
    status           text        not null default 'queued',
    attempts         integer     not null default 0,
    reply_code       smallint,
    error            text,
    masked_recipient text,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    constraint messages_pkey primary key (message_id),
    constraint messages_send_key unique (kind, reference),
    constraint messages_resend_of_fkey foreign key (resend_of) references messages (message_id),
    constraint messages_kind_check check (kind in ('sign_in_code', 'order_confirmation', 'new_seller_order', 'shipped',
                                                   'seller_approved', 'order_cancelled')),
    constraint messages_status_check check (status in ('queued', 'sent', 'bounced', 'failed', 'expired')),
    constraint messages_one_addressee_check check (num_nonnulls(recipient_id, vendor_id, expires_at) = 1),
    constraint messages_code_check check ((kind = 'sign_in_code') = (expires_at is not null)),
    constraint messages_sealed_while_queued_check
        check ((sealed is not null) = (kind = 'sign_in_code' and status = 'queued'))
);
create index messages_status_idx on messages (status, message_id desc);
create index messages_kind_idx on messages (kind, message_id desc);
create index messages_resend_of_idx on messages (resend_of);
