/**
 * The same small shop as on every engine: 1,500 customers, 240 products, 12,500 orders and some 50,000 order lines. The
 * numbers come from multiplication modulo primes, so that every server holds the same rows.
 */
export const SAMPLE_TABLES: readonly string[] = [
  `create table customers (
    id integer primary key,
    email varchar(200) not null unique check (email like '%_@_%'),
    name varchar(200) not null,
    country char(2) not null,
    city varchar(100) not null,
    preferences json not null,
    created_at timestamp not null default current_timestamp,
    key customers_country_city (country, city)
  ) comment = 'People who buy in the shop'`,
  `create table products (
    id integer primary key,
    sku varchar(20) not null unique,
    name varchar(100) not null,
    category varchar(40) not null,
    price decimal(10, 2) not null check (price > 0),
    stock integer not null check (stock >= 0),
    attributes json not null,
    discontinued boolean not null default false,
    key products_category (category)
  ) comment = 'What the shop sells'`,
  `create table orders (
    id integer primary key,
    customer_id integer not null,
    status enum('placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled') not null default 'placed',
    placed_at timestamp not null default current_timestamp,
    shipped_at timestamp null default null,
    note varchar(200),
    key orders_customer (customer_id),
    key orders_placed_at (placed_at),
    constraint orders_customer_id foreign key (customer_id) references customers (id),
    constraint orders_shipped check (shipped_at is null or shipped_at >= placed_at)
  ) comment = 'One purchase of one customer'`,
  `create table order_lines (
    order_id integer not null,
    line_number smallint not null check (line_number > 0),
    product_id integer not null,
    quantity integer not null check (quantity between 1 and 100),
    unit_price decimal(10, 2) not null check (unit_price > 0),
    discount decimal(4, 3) not null default 0 check (discount >= 0 and discount < 1),
    primary key (order_id, line_number),
    key order_lines_product (product_id),
    constraint order_lines_order_id foreign key (order_id) references orders (id) on delete cascade,
    constraint order_lines_product_id foreign key (product_id) references products (id)
  ) comment = 'What an order consists of, at the price of that day'`,
];

/** The view belongs to the write login, like everything that it could have made itself. */
export function sampleView(definer: string): string {
  return `create definer = ${definer} sql security invoker view order_totals as
    select o.id as order_id, o.customer_id, o.status, o.placed_at, count(*) as line_count,
           cast(sum(l.quantity * l.unit_price * (1 - l.discount)) as decimal(12, 2)) as total
      from orders o join order_lines l on l.order_id = o.id
     group by o.id, o.customer_id, o.status, o.placed_at`;
}

/** Numbers from 1 to the given one: neither server has a function for it, and recursion is limited by a setting. */
function series(last: number): string {
  const digits =
    '(select 0 as d union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9)';
  const places = ['a', 'b', 'c', 'd', 'e'].slice(0, String(last - 1).length);
  const value = places.map((place, power) => `${place}.d * ${String(10 ** power)}`).join(' + ');
  const from = places.map((place) => `${digits} ${place}`).join(' cross join ');
  return `(select 1 + ${value} as i from ${from} where 1 + ${value} <= ${String(last)}) s`;
}

const FIRST_NAMES =
  "'Ada','Ben','Clara','Dario','Elif','Finn','Grace','Hugo','Ines','Jonas','Kira','Luca','Mina','Nils','Olga','Pavel','Rosa','Samir','Tessa','Uwe'";
const LAST_NAMES =
  "'Adler','Bauer','Costa','Dubois','Eriksen','Fischer','Garcia','Hansen','Ivanov','Jansen','Kowalski','Lindt','Moreau','Novak','Olsen','Petit','Rossi','Silva','Tanaka','Weber','Yilmaz'";
const COUNTRIES = "'DE','DE','FR','FR','IT','ES','NL','PL','SE','PT'";
const CITIES = "'Berlin','Hamburg','Lyon','Paris','Milano','Sevilla','Utrecht','Krakow','Malmo','Porto'";

const CUSTOMERS = `
  insert into customers
  select i, lower(concat(first, '.', last, i, '@example.com')), concat(first, ' ', last), country, city,
         json_object('newsletter', if(i % 3 = 0, true, false), 'language', lower(country),
                     'channels', if(i % 4 = 0, json_array('mail', 'phone'), json_array('mail'))),
         timestamp'2023-01-01 08:00:00' + interval i * 40380 second
    from (select i, elt(i * 7 % 20 + 1, ${FIRST_NAMES}) as first, elt(i * 11 % 21 + 1, ${LAST_NAMES}) as last,
                 elt(i * 13 % 10 + 1, ${COUNTRIES}) as country, elt(i * 13 % 10 + 1, ${CITIES}) as city
            from ${series(1500)}) c
   order by i`;

const COLOURS = "'Red','Blue','Green','Black','White','Grey','Yellow','Brown'";
const CATEGORIES = "'kitchen','kitchen','garden','garden','office','office','sports','sports','books','toys'";
const KINDS = "'Kettle','Pan','Spade','Hose','Lamp','Chair','Ball','Mat','Notebook','Puzzle'";

const PRODUCTS = `
  insert into products
  select i, concat('SKU-', lpad(i * 7919 % 100000, 5, '0')), concat(colour, ' ', kind), category,
         (299 + i * 48611 % 19701) / 100, i * 37 % 250,
         json_object('colour', lower(colour), 'weight_g', 80 + i * 131 % 4000,
                     'tags', json_array(category, if(i % 5 = 0, 'sale', 'regular'))),
         i % 29 = 0
    from (select i, elt(i % 8 + 1, ${COLOURS}) as colour, elt(i * 3 % 10 + 1, ${CATEGORIES}) as category,
                 elt(i * 3 % 10 + 1, ${KINDS}) as kind
            from ${series(240)}) p
   order by i`;

const STATUSES =
  "'delivered','delivered','delivered','shipped','paid','delivered','placed','returned','delivered','cancelled'";

const ORDERS = `
  insert into orders
  select i, 1 + i * 104729 % 1500, status, placed_at,
         if(status in ('shipped', 'delivered', 'returned'), placed_at + interval (12 + i * 17 % 90) hour, null),
         case when i % 23 = 0 then 'Leave with the neighbour' when i % 31 = 0 then 'Gift wrap, please' end
    from (select i, timestamp'2024-01-01 06:00:00' + interval i * 3787 second as placed_at,
                 elt(i * 3571 % 10 + 1, ${STATUSES}) as status
            from ${series(12_500)}) o
   order by i`;

const ORDER_LINES = `
  insert into order_lines
  select straight_join o.id, s.i, p.id, 1 + (o.id * 31 + s.i * 7) % 5, p.price,
         case (o.id + s.i) % 12 when 0 then 0.1 when 5 then 0.05 else 0 end
    from orders o
         join ${series(7)} on s.i <= 1 + o.id * 7919 % 7
         join products p on p.id = 1 + (o.id * 15485863 + s.i * 32452843) % 240
   order by o.id, s.i`;

export const SAMPLE_ROWS: readonly string[] = [CUSTOMERS, PRODUCTS, ORDERS, ORDER_LINES];
