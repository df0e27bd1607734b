//! What this machine can do at all, in the same run: the numbers of the mall mean something beside them only.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::Context as _;
use reqwest::{Method, Url};
use secrecy::ExposeSecret as _;

use crate::measures::Bench;
use crate::processes::between;

const SCRATCH: &str = "bench_limits";
const TABLES: &str = "
    create table orders (order_id uuid primary key, buyer uuid not null, total bigint not null, facts jsonb not null);
    create table order_lines (order_id uuid references orders, line int, sku text not null, price bigint not null,
                              primary key (order_id, line));
    create table products (product_id int primary key, facts jsonb not null);
    insert into products select n, jsonb_build_object('title', repeat('brass lamp ', 20), 'n', n)
    from generate_series(1, 10000) n;
    analyze;";
const ORDER: &str = "
    \\set n random(1, 1000000000)
    begin;
    with o as (insert into orders values (gen_random_uuid(), gen_random_uuid(), :n, '{\"status\": \"placed\"}')
               returning order_id)
    insert into order_lines select order_id, line, 'SKU-' || line, :n from o, generate_series(1, 3) line;
    commit;";
const PAGE: &str = "
    \\set n random(1, 9900)
    select product_id, facts from products where product_id > :n order by product_id limit 20;";
const SECONDS: &str = "5";

/// An order with its lines and a page by its key in PostgreSQL, a value in Redis, a hello behind the gateway.
pub async fn measure(bench: &mut Bench, requests: u64) -> anyhow::Result<()> {
    let home = bench.settings.home();
    let url = bench.settings.admin_database_url().context("no account of an administrator")?;
    let postgres = Postgres { url: Url::parse(url.expose_secret())? };
    postgres.say("postgres", &format!("drop database if exists {SCRATCH}"))?;
    postgres.say("postgres", &format!("create database {SCRATCH}"))?;
    postgres.say(SCRATCH, TABLES)?;
    for (what, script) in
        [("limit: an order of three lines, CPU", ORDER), ("limit: a page of 20 by key, CPU", PAGE)]
    {
        let before = bench.programs.used()?;
        let (done, a_second) = postgres.bench(&home, script)?;
        let used = between(&before, &bench.programs.used()?);
        bench.costs(what, &[used], done.max(1), None);
        bench.table.add("  a second, 8 clients", a_second * 1000, "", None);
    }
    postgres.say("postgres", &format!("drop database {SCRATCH}"))?;
    redis(bench, &home)?;
    let hello = "/.well-known/jwks.json";
    bench.page("limit: a hello behind the gateway", Method::GET, hello, requests, None).await
}

struct Postgres {
    url: Url,
}

impl Postgres {
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.env("PGPASSWORD", self.url.password().unwrap_or_default());
        command.args(["-h", self.url.host_str().unwrap_or_default()]);
        command.args(["-p", &self.url.port().unwrap_or(5432).to_string()]);
        command.args(["-U", self.url.username()]);
        command
    }

    fn say(&self, database: &str, sql: &str) -> anyhow::Result<()> {
        output(self.program("psql").args([
            "-Xq",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            sql,
        ]))
        .map(drop)
    }

    /// How often it was done, and how often in a second.
    fn bench(&self, home: &Path, script: &str) -> anyhow::Result<(u64, u64)> {
        let file = home.join("limit.sql");
        std::fs::write(&file, script.replace("\n    ", "\n"))?;
        let mut pgbench = self.program("pgbench");
        pgbench.args(["-n", "-M", "prepared", "-c", "8", "-j", "2", "-T", SECONDS, "-f"]);
        let said = output(pgbench.arg(&file).arg(SCRATCH))?;
        let number = |before: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(before));
            let digits = line.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect());
            let digits: String = digits.with_context(|| format!("pgbench says {said}"))?;
            digits.parse().with_context(|| format!("pgbench says {said}"))
        };
        Ok((number("number of transactions actually processed: ")?, number("tps = ")?))
    }
}

fn redis(bench: &mut Bench, home: &Path) -> anyhow::Result<()> {
    let url = std::fs::read_to_string(home.join("secrets/redis_url_default"))?;
    let mut program = Command::new("redis-benchmark");
    program.args(["-u", url.trim(), "-t", "set", "-n", "100000", "-c", "8", "--csv"]);
    let before = bench.programs.used()?;
    let said = output(&mut program)?;
    let used = between(&before, &bench.programs.used()?);
    bench.costs("limit: a value into Redis, CPU", &[used], 100_000, None);
    let fields = said.lines().last().and_then(|line| line.split('"').nth(3));
    let a_second = fields.and_then(|field| field.split('.').next()?.parse::<u64>().ok());
    let a_second = a_second.with_context(|| format!("redis-benchmark says {said}"))?;
    bench.table.add("  a second, 8 clients", a_second * 1000, "", None);
    Ok(())
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let Output { status, stdout, stderr } =
        command.output().with_context(|| format!("{name} cannot be run"))?;
    anyhow::ensure!(status.success(), "{name}: {}", String::from_utf8_lossy(&stderr));
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}
