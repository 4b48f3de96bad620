/**
 * Attacks on the read path. Every text of a case is tried on its own, as a read, with what the analysis says of it left
 * out; together they must leave everything as it was. `error`: the text cannot be read at all, and nothing is sent.
 */
export interface ReadOnlyCase {
  readonly id: string;
  readonly class: 'dml' | 'ddl' | 'control' | 'admin' | 'error';
  readonly texts: readonly string[];
}

export const REFUSED: readonly ReadOnlyCase[] = [
  {
    id: 'MY-001',
    class: 'ddl',
    texts: ['CREATE TABLE x1(a INT)', 'create table x2 as select * from canary'],
  },
  {
    id: 'MY-002',
    class: 'ddl',
    texts: [
      'ALTER TABLE canary ADD c INT',
      'RENAME TABLE canary TO t2',
      'CREATE INDEX i ON canary(v)',
      'CREATE VIEW v2 AS SELECT 1',
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM canary',
      'CREATE TRIGGER tr BEFORE INSERT ON canary FOR EACH ROW SET NEW.v = 1',
      'DROP TABLE canary',
      'CREATE FUNCTION f2() RETURNS INT RETURN 1',
    ],
  },
  { id: 'MY-002', class: 'dml', texts: ['TRUNCATE canary'] },
  {
    id: 'MY-003',
    class: 'admin',
    texts: [
      'DELIMITER //\nBEGIN NOT ATOMIC COMMIT; DELETE FROM canary; END//',
      'DELIMITER //\nBEGIN NOT ATOMIC SET SESSION TRANSACTION READ WRITE; COMMIT; INSERT INTO canary VALUES (9, 9); END//',
      'DELIMITER //\nIF 1 THEN DELETE FROM canary; END IF//',
    ],
  },
  {
    id: 'MY-005',
    class: 'dml',
    texts: ['CALL p_commit()', 'DO f_write()', 'SELECT f_write()', 'select * from v_write'],
  },
  {
    id: 'MY-006',
    class: 'admin',
    texts: ["EXECUTE IMMEDIATE 'COMMIT'", "PREPARE s FROM 'DELETE FROM canary'", 'EXECUTE s'],
  },
  {
    id: 'MY-007',
    class: 'admin',
    texts: ['LOCK TABLES canary WRITE', 'FLUSH TABLES', 'FLUSH TABLES WITH READ LOCK'],
  },
  {
    id: 'MY-007',
    class: 'ddl',
    texts: ['CHECK TABLE canary', 'ANALYZE TABLE canary', 'OPTIMIZE TABLE canary'],
  },
  {
    id: 'MY-007',
    class: 'control',
    texts: ['START TRANSACTION', 'BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT s'],
  },
  {
    id: 'MY-008',
    class: 'error',
    texts: [
      '/*!50000 DELETE FROM canary */',
      '/*M! DELETE FROM canary */',
      '/*!DELETE*/ FROM canary',
      'SELECT 1 /*!50000 INTO OUTFILE "/tmp/x" */',
    ],
  },
  { id: 'MY-013', class: 'admin', texts: ['SET NAMES gbk', 'SET character_set_client = gbk'] },
  {
    id: 'MY-016',
    class: 'admin',
    texts: [
      "SELECT 1 INTO OUTFILE '/tmp/clouddb-my-016'",
      "SELECT 1 INTO DUMPFILE '/tmp/clouddb-my-016'",
      "LOAD DATA INFILE '/etc/passwd' INTO TABLE canary",
      "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE canary",
      "SELECT LOAD_FILE('/etc/passwd')",
    ],
  },
  { id: 'MY-018', class: 'admin', texts: ['SET STATEMENT max_statement_time=0 FOR SELECT SLEEP(600)'] },
  { id: 'MY-021', class: 'admin', texts: ["SELECT GET_LOCK('lk',0)", "SELECT `GET_LOCK`('lk',0)"] },
  { id: 'MY-022', class: 'admin', texts: ['USE information_schema'] },
  { id: 'MY-023', class: 'ddl', texts: ['CREATE TEMPORARY TABLE canary(id INT, v INT)'] },
  {
    id: 'MY-027',
    class: 'dml',
    texts: [
      'DELETE FROM canary RETURNING id',
      "REPLACE INTO canary VALUES(1, 'z')",
      'WITH x AS (SELECT 1) DELETE FROM canary',
      'UPDATE canary SET v = 0',
      'INSERT INTO canary VALUES (27, 27)',
      'SELECT * FROM canary FOR UPDATE',
      'SELECT * FROM canary LOCK IN SHARE MODE',
      'SELECT NEXTVAL(counter)',
      'SELECT NEXT VALUE FOR counter',
      'EXPLAIN SELECT * FROM (SELECT f_write()) x',
      'ANALYZE DELETE FROM canary',
    ],
  },
  { id: 'MY-028', class: 'admin', texts: ['HANDLER canary OPEN', 'HANDLER canary READ FIRST'] },
  {
    id: 'MY-029',
    class: 'control',
    texts: ['SELECT id INTO @x FROM canary LIMIT 1', 'SELECT @a:=1', 'SET @x = 1'],
  },
  {
    id: 'MY-030',
    class: 'admin',
    texts: [
      'SET GLOBAL max_connections=5',
      'SHUTDOWN',
      "INSTALL SONAME 'x'",
      'KILL 1',
      'KILL USER clouddb_owner',
      'SET autocommit = 1',
      'SET SESSION TRANSACTION READ WRITE',
      "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
    ],
  },
  { id: 'MY-033', class: 'admin', texts: ["CREATE DEFINER='root'@'localhost' PROCEDURE px() SELECT 1"] },
  {
    id: 'MY-034',
    class: 'admin',
    texts: [
      "CREATE TABLE x(a INT) ENGINE=FEDERATED CONNECTION='mysql://u@169.254.169.254/d/t'",
      "CREATE TABLE x(a INT) ENGINE=CONNECT FILE_NAME='/etc/passwd'",
      "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '169.254.169.254')",
      "CREATE USER evil IDENTIFIED BY 'x'",
      'CREATE DATABASE evil',
      'GRANT ALL ON *.* TO evil',
    ],
  },
];

/** What a login can do to itself, and no right prevents: only the analysis stands before it, and the reconciler behind. */
export const ONLY_ANALYSED: readonly { readonly id: string; readonly text: string }[] = [
  { id: 'MY-030', text: "SET PASSWORD = PASSWORD('x')" },
  { id: 'MY-030', text: "ALTER USER CURRENT_USER() IDENTIFIED BY 'x'" },
  { id: 'MY-030', text: "KILL USER 'own_login'" },
];

/** What looks like an attack and is none: one statement, with exactly these rows. */
export const ALLOWED: readonly { readonly id: string; readonly text: string; readonly rows: unknown[][] }[] =
  [
    {
      id: 'MY-011',
      text: "SELECT 'a\\'; DELETE FROM canary; -- '",
      rows: [["a'; DELETE FROM canary; -- "]],
    },
    { id: 'MY-035', text: 'SELECT 1 # ; DELETE FROM canary', rows: [[1]] },
    { id: 'MY-035', text: 'SELECT 1--1', rows: [[2]] },
    {
      id: 'MY-008',
      text: "SELECT '/*! DELETE FROM canary */', 2 /* ; DELETE FROM canary */",
      rows: [['/*! DELETE FROM canary */', 2]],
    },
    { id: 'MY-037', text: 'SELECT 1 AS `__proto__`', rows: [[1]] },
    { id: 'MY-027', text: 'WITH x AS (SELECT id FROM canary) SELECT COUNT(*) FROM x', rows: [[3]] },
    { id: 'MY-005', text: 'SELECT COUNT(*) FROM canary WHERE v IN (SELECT v FROM canary)', rows: [[3]] },
    { id: 'MY-029', text: 'SELECT @nobody_set_it', rows: [[null]] },
    {
      id: 'MY-016',
      text: "SELECT 'INTO OUTFILE', `INTO`.id FROM canary `INTO` WHERE id = 1",
      rows: [['INTO OUTFILE', 1]],
    },
  ];
