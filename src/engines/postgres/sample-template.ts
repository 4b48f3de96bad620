/**
 * A small shop: 2,000 customers, 200 products, 16,000 orders with 50,000 lines. Everything follows from the row's
 * number, so that the same question has the same answer in every sandbox.
 */
export const SAMPLE_SQL = `
  create type order_status as enum ('new', 'paid', 'shipped', 'delivered', 'cancelled');

  create table customers (
    id integer primary key,
    name text not null,
    email text not null unique check (email like '%@%'),
    country text not null check (length(country) = 2),
    preferences jsonb not null default '{}',
    created_at timestamptz not null
  );
  create table products (
    id integer primary key,
    name text not null unique,
    category text not null,
    price numeric(10,2) not null check (price > 0),
    attributes jsonb not null default '{}'
  );
  create table orders (
    id integer primary key,
    customer_id integer not null references customers (id),
    status order_status not null default 'new',
    ordered_at timestamptz not null,
    note text
  );
  create table order_lines (
    order_id integer not null references orders (id) on delete cascade,
    line integer not null check (line > 0),
    product_id integer not null references products (id),
    quantity integer not null check (quantity between 1 and 99),
    unit_price numeric(10,2) not null,
    primary key (order_id, line)
  );

  insert into customers
  select n,
         (array['Ada','Grace','Alan','Edsger','Barbara','Donald','Radia','Tim','Margaret','Linus'])[1 + n % 10] || ' '
           || (array['Moreau','Jansen','Rossi','Novak','Silva','Weber','Haugen','Kowalski','Tanaka'])[1 + (n / 10) % 9],
         'customer' || n || '@example.com',
         (array['DE','FR','NL','IT','ES','PL','SE','PT','AT','CZ'])[1 + (n * 7) % 10],
         jsonb_build_object('newsletter', n % 3 = 0, 'language', (array['de','fr','en'])[1 + n % 3]),
         timestamptz '2024-01-01 08:00:00+00' + n * interval '7 hours'
    from generate_series(1, 2000) n;
  insert into products
  select n,
         (array['Chair','Desk','Lamp','Shelf','Monitor','Keyboard','Cable','Plant'])[1 + n % 8] || ' ' || n,
         (array['furniture','furniture','light','furniture','electronics','electronics','electronics','living'])[1 + n % 8],
         (5 + (n * 37) % 495 + 0.99)::numeric(10,2),
         jsonb_build_object('weight_kg', ((n * 13) % 200) / 10.0, 'colours', jsonb_build_array('black', 'white'))
    from generate_series(1, 200) n;
  insert into orders
  select n, 1 + (n * 31) % 2000,
         (array['delivered','delivered','delivered','shipped','paid','new','cancelled'])[1 + n % 7]::order_status,
         timestamptz '2025-01-01 00:00:00+00' + n * interval '29 minutes',
         case when n % 50 = 0 then 'Please ring twice' end
    from generate_series(1, 16000) n;
  insert into order_lines
  select o.id, l.line, p.id, 1 + (o.id + l.line) % 5, p.price
    from orders o
    cross join lateral generate_series(1, 1 + o.id % 5 + case when o.id % 8 = 0 then 1 else 0 end) as l (line)
    join products p on p.id = 1 + (o.id * 17 + l.line * 29) % 200;

  create index orders_customer on orders (customer_id, ordered_at);
  create index orders_status on orders (status) where status in ('new', 'paid');
  create index order_lines_product on order_lines (product_id);

  create view order_totals as
    select o.id, o.customer_id, c.name as customer, o.status, o.ordered_at,
           sum(l.quantity * l.unit_price) as total, count(*) as lines
      from orders o join customers c on c.id = o.customer_id join order_lines l on l.order_id = o.id
     group by o.id, c.name;

  analyze;
`;
