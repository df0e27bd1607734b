-- Which rates the goods of an HSN code may bear, as far as staff keeps it, and who was told that a rate ends.
set local lock_timeout = '5s';

create table hsn_rates (
    hsn_prefix text        not null constraint hsn_rates_prefix_check check (hsn_prefix ~ '^[0-9]{2,8}$'),
    -- None: goods of this code are not sold here.
    rate_bp    integer     constraint hsn_rates_rate_check check (rate_bp between 0 and 10000),
    valid_from date        not null,
    valid_to   date,
    -- Why goods of this code are not sold.
    reason     text,
    changed_by uuid,
    changed_at timestamptz not null,
    constraint hsn_rates_key unique nulls not distinct (hsn_prefix, rate_bp, valid_from),
    constraint hsn_rates_days_check check (valid_to >= valid_from),
    constraint hsn_rates_reason_check check ((reason is null) = (rate_bp is not null))
);

-- Tobacco bears a rate that is not among ours, and a cess that nothing here reckons.
insert into hsn_rates (hsn_prefix, valid_from, reason, changed_at) values
    ('24', '2017-07-01', 'Tobacco bears a rate and a cess that are not reckoned here', now());

-- Whether goods of a code may bear a rate on a day: the longest prefix that something is kept of on that day decides; where
-- nothing is kept, every rate will do.
create function hsn_allows(hsn text, rate integer, day date) returns boolean language sql stable as $$
    select coalesce((
        select bool_or(coalesce(r.rate_bp = rate, false))
          from hsn_rates r
         where r.hsn_prefix = any(array[left(hsn, 2), left(hsn, 3), left(hsn, 4), left(hsn, 5), left(hsn, 6), left(hsn, 7), hsn])
           and day between r.valid_from and coalesce(r.valid_to, 'infinity')
         group by r.hsn_prefix
         order by length(r.hsn_prefix) desc
         limit 1), true)
$$;

-- Whether goods of a code are sold at all on a day.
create function hsn_is_sold(hsn text, day date) returns boolean language sql stable as $$
    select coalesce((
        select count(r.rate_bp) > 0
          from hsn_rates r
         where r.hsn_prefix = any(array[left(hsn, 2), left(hsn, 3), left(hsn, 4), left(hsn, 5), left(hsn, 6), left(hsn, 7), hsn])
           and day between r.valid_from and coalesce(r.valid_to, 'infinity')
         group by r.hsn_prefix
         order by length(r.hsn_prefix) desc
         limit 1), true)
$$;

-- Whether something may be sold with a rate on a day: the rate is one of those of the law, and one of its code.
create function may_bear(hsn text, rate integer, day date) returns boolean language sql stable as $$
    select exists (select from gst_rates r
                    where r.rate_bp = rate and day between r.valid_from and coalesce(r.valid_to, 'infinity'))
       and hsn_allows(hsn, rate, day)
$$;

-- Which sellers were told that a rate ends, once for each rate and day.
create table endings_told (
    vendor_id uuid        not null,
    rate_bp   integer     not null,
    last_day  date        not null,
    told_at   timestamptz not null,
    constraint endings_told_pkey primary key (vendor_id, rate_bp, last_day)
);
