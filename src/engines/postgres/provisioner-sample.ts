/**
 * A small shop: 1,500 customers, 240 products, 12,500 orders and some 50,000 order lines. The numbers come from
 * multiplication modulo primes, so that every server holds the same rows.
 */
export const SAMPLE_SCHEMA = `
  create type order_status as enum ('placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled');

  create table customers (
    id integer primary key,
    email text not null unique check (email like '%_@_%'),
    name text not null,
    country char(2) not null,
    city text not null,
    preferences jsonb not null default '{}',
    created_at timestamptz not null
  );
  create index customers_country_city on customers (country, city);

  create table products (
    id integer primary key,
    sku text not null unique,
    name text not null,
    category text not null,
    price numeric(10, 2) not null check (price > 0),
    stock integer not null check (stock >= 0),
    attributes jsonb not null default '{}',
    discontinued boolean not null default false
  );
  create index products_category on products (category);
  create index products_attributes on products using gin (attributes);

  create table orders (
    id integer primary key,
    customer_id integer not null references customers (id),
    status order_status not null default 'placed',
    placed_at timestamptz not null,
    shipped_at timestamptz,
    note text,
    check (shipped_at is null or shipped_at >= placed_at)
  );
  create index orders_customer on orders (customer_id);
  create index orders_placed_at on orders (placed_at);

  create table order_lines (
    order_id integer not null references orders (id) on delete cascade,
    line_number smallint not null check (line_number > 0),
    product_id integer not null references products (id),
    quantity integer not null check (quantity between 1 and 100),
    unit_price numeric(10, 2) not null check (unit_price > 0),
    discount numeric(4, 3) not null default 0 check (discount >= 0 and discount < 1),
    primary key (order_id, line_number)
  );
  create index order_lines_product on order_lines (product_id);

  create view order_totals as
    select o.id as order_id, o.customer_id, o.status, o.placed_at, count(*) as line_count,
           sum(l.quantity * l.unit_price * (1 - l.discount))::numeric(12, 2) as total
      from orders o join order_lines l on l.order_id = o.id
     group by o.id;

  comment on table customers is 'People who buy in the shop';
  comment on table products is 'What the shop sells';
  comment on table orders is 'One purchase of one customer';
  comment on table order_lines is 'What an order consists of, at the price of that day';
  comment on view order_totals is 'Orders with what they come to';
`;

const CUSTOMERS = `
  insert into customers
  select i, lower(first || '.' || last) || i || '@example.com', first || ' ' || last, place[1], place[2],
         jsonb_build_object('newsletter', i % 3 = 0, 'language', lower(place[1]),
                            'channels', case i % 4 when 0 then '["mail", "phone"]' else '["mail"]' end::jsonb),
         timestamptz '2023-01-01 08:00:00+00' + i * interval '11 hours 13 minutes'
    from generate_series(1, 1500) i,
         lateral (select (array['Ada','Ben','Clara','Dario','Elif','Finn','Grace','Hugo','Ines','Jonas','Kira','Luca',
                                'Mina','Nils','Olga','Pavel','Rosa','Samir','Tessa','Uwe'])[i * 7 % 20 + 1] as first,
                         (array['Adler','Bauer','Costa','Dubois','Eriksen','Fischer','Garcia','Hansen','Ivanov',
                                'Jansen','Kowalski','Lindt','Moreau','Novak','Olsen','Petit','Rossi','Silva',
                                'Tanaka','Weber','Yilmaz'])[i * 11 % 21 + 1] as last) n,
         lateral (select (array[array['DE','Berlin'], array['DE','Hamburg'], array['FR','Lyon'], array['FR','Paris'],
                                array['IT','Milano'], array['ES','Sevilla'], array['NL','Utrecht'],
                                array['PL','Krakow'], array['SE','Malmo'], array['PT','Porto']])
                         [i * 13 % 10 + 1:i * 13 % 10 + 1] as rows) c,
         lateral (select array(select unnest(c.rows)) as place) p
`;

const PRODUCTS = `
  insert into products
  select i, 'SKU-' || lpad((i * 7919 % 100000)::text, 5, '0'), colour || ' ' || kind[2], kind[1],
         (299 + i::bigint * 48611 % 19701)::numeric / 100, i * 37 % 250,
         jsonb_build_object('colour', lower(colour), 'weight_g', 80 + i * 131 % 4000,
                            'tags', jsonb_build_array(kind[1], case when i % 5 = 0 then 'sale' else 'regular' end)),
         i % 29 = 0
    from generate_series(1, 240) i,
         lateral (select (array['Red','Blue','Green','Black','White','Grey','Yellow','Brown'])[i % 8 + 1] as colour) a,
         lateral (select string_to_array((array['kitchen:Kettle','kitchen:Pan','garden:Spade','garden:Hose',
                  'office:Lamp','office:Chair','sports:Ball','sports:Mat','books:Notebook','toys:Puzzle'])
                  [i * 3 % 10 + 1], ':') as kind) k
`;

const ORDERS = `
  insert into orders
  select i, 1 + i::bigint * 104729 % 1500, status, placed_at,
         case when status in ('shipped', 'delivered', 'returned')
              then placed_at + (12 + i * 17 % 90) * interval '1 hour' end,
         case when i % 23 = 0 then 'Leave with the neighbour' when i % 31 = 0 then 'Gift wrap, please' end
    from generate_series(1, 12500) i,
         lateral (select timestamptz '2024-01-01 06:00:00+00' + i * interval '63 minutes 7 seconds' as placed_at,
                  (array['delivered','delivered','delivered','shipped','paid','delivered','placed','returned',
                         'delivered','cancelled'])[i::bigint * 3571 % 10 + 1]::order_status as status) o
`;

const ORDER_LINES = `
  insert into order_lines
  select o.id, line, p.id, 1 + (o.id * 31 + line * 7) % 5, p.price,
         case (o.id + line) % 12 when 0 then 0.1 when 5 then 0.05 else 0 end
    from orders o
         cross join lateral generate_series(1, 1 + (o.id::bigint * 7919 % 7)::integer) line
         join products p on p.id = 1 + (o.id::bigint * 15485863 + line * 32452843) % 240
`;

export const SAMPLE_ROWS = [CUSTOMERS, PRODUCTS, ORDERS, ORDER_LINES].join(';\n');
