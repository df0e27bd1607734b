//! Requests with two meanings, as bytes on the wire.

use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::{bus, live, made};

/// Everything that comes back until the other side closes.
async fn send(address: &str, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

const POST: &str = "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_request_with_two_meanings_is_refused_and_the_connection_closed(pool: PgPool) {
    let bus = bus(1).await;
    let (live, _) = live(&bus, &pool).await;
    let address = live.url.trim_start_matches("http://").to_owned();
    let smuggled = "GET /v1/staff HTTP/1.1\r\nHost: x\r\n\r\n";
    let lamp = "{\"name\":\"lamp\"}";
    for head in [
        "Content-Length: 15\r\nContent-Length: 60\r\n",
        "Content-Length: 15, 60\r\n",
        "Content-Length: +15\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x0f\r\n",
        "Content-Length: 19446744073709551616\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Content-Length : 15\r\n",
        "Content-Length: 15\r\nX-Folded: a\r\n b\r\n",
        "Content-Length: 15\r\n Transfer-Encoding: chunked\r\n",
        "Content-Length: 15\r\nX-Nul: a\0b\r\n",
    ] {
        let answer = send(&address, &format!("{POST}{head}\r\n{lamp}{smuggled}")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{head:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{head:?}: {answer}");
    }
    let old = "POST /v1/things HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let answer = send(&address, old).await;
    assert!(answer.contains(" 400 "), "{answer}");
    assert!(made(&pool).await.is_empty(), "nothing of it was done");
    live.stop().await;
}

/// The chunks count and nothing is believed that follows. The gateway refuses such a request altogether.
#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_length_beside_chunks_smuggles_nothing(pool: PgPool) {
    let bus = bus(1).await;
    let (live, _) = live(&bus, &pool).await;
    let address = live.url.trim_start_matches("http://").to_owned();
    let chunks = "f\r\n{\"name\":\"lamp\"}\r\n0\r\n\r\n";
    let next = format!("{POST}Content-Length: 19\r\n\r\n{{\"name\":\"smuggled\"}}");
    for head in [
        "Content-Length: 200\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    ] {
        let answer = send(&address, &format!("{POST}{head}\r\n{chunks}{next}")).await;
        let statuses: Vec<_> = answer.lines().filter(|l| l.starts_with("HTTP/1.1")).collect();
        assert_eq!(statuses, ["HTTP/1.1 201 Created"], "the connection is closed: {answer}");
    }
    assert_eq!(made(&pool).await, ["lamp", "lamp"]);
    live.stop().await;
}
