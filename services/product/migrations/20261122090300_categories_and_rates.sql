-- The shelves the mall opens with, and the rates of goods and services tax.
set local lock_timeout = '5s';

insert into categories (slug, parent, name, position) values
    ('home',      null,      'Home',            1),
    ('decor',     'home',    'Decor',           1),
    ('kitchen',   'home',    'Kitchen',         2),
    ('linen',     'home',    'Bed and bath',    3),
    ('grocery',   null,      'Grocery',         2),
    ('tea',       'grocery', 'Tea and coffee',  1),
    ('spices',    'grocery', 'Spices',          2),
    ('fashion',   null,      'Fashion',         3),
    ('clothing',  'fashion', 'Clothing',        1),
    ('jewellery', 'fashion', 'Jewellery',       2),
    ('electronics', null,    'Electronics',     4),
    ('gadgets', 'electronics', 'Gadgets',       1);

-- Slabs changed on 22 September 2025: 12 and 28 per cent ended, 40 began.
insert into gst_rates (rate_bp, valid_from, valid_to) values
    (0,    '2017-07-01', null),
    (25,   '2017-07-01', null),
    (150,  '2022-07-18', null),
    (300,  '2017-07-01', null),
    (500,  '2017-07-01', null),
    (1200, '2017-07-01', '2025-09-21'),
    (1800, '2017-07-01', null),
    (2800, '2017-07-01', '2025-09-21'),
    (4000, '2025-09-22', null);
