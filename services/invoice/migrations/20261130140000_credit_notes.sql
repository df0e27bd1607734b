-- Credit notes: documents of the same kind in a series of their own, each against the sale that it reduces.
set local lock_timeout = '5s';

alter table counters
    drop constraint counters_series_check,
    add constraint counters_series_check check (series in ('sale', 'credit'));

alter table invoices
    add column kind      text not null default 'sale',
    add column credit_id uuid,
    add column against   uuid,
    add constraint invoices_kind_check check (kind in ('sale', 'credit')),
    add constraint invoices_kind_series_check check (kind = series),
    add constraint invoices_credit_check check (
        (kind = 'credit') = (credit_id is not null) and (kind = 'credit') = (against is not null)),
    add constraint invoices_credit_id_key unique (credit_id),
    add constraint invoices_against_fkey foreign key (against) references invoices (id),
    drop constraint invoices_seller_order_id_key;
create unique index invoices_seller_order_id_sale_idx on invoices (seller_order_id) where kind = 'sale';
create index invoices_against_idx on invoices (against) where against is not null;
