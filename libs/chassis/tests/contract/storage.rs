//! Object storage: what is written once stays, links do what they were made for, and nothing else.

use std::time::Duration;

use chassis::s3::{Bucket, Put};
use testkit::servers;

async fn bucket() -> Bucket {
    let bucket = Bucket::new(&servers::common(&servers::unique()), "papers").unwrap();
    bucket.ensure().await.unwrap();
    bucket.ensure().await.expect("a bucket that exists is fine");
    bucket
}

const HOUR: Duration = Duration::from_hours(1);
const PDF: &str = "application/pdf";

#[tokio::test]
async fn the_first_bytes_stay() {
    let bucket = bucket().await;
    assert_eq!(bucket.put_once("a/1.pdf", b"first".to_vec(), PDF).await.unwrap(), Put::Written);
    assert_eq!(bucket.put_once("a/1.pdf", b"second".to_vec(), PDF).await.unwrap(), Put::Existed);

    assert_eq!(bucket.get("a/1.pdf").await.unwrap().unwrap(), b"first");
    assert_eq!(bucket.size("a/1.pdf").await.unwrap(), Some(5));
    assert_eq!(bucket.get("a/2.pdf").await.unwrap(), None);
    assert_eq!(bucket.size("a/2.pdf").await.unwrap(), None);
}

#[tokio::test]
async fn of_twenty_writers_at_once_one_wins() {
    let bucket = bucket().await;
    let writing = (0..20_u8).map(|n| {
        let bucket = bucket.clone();
        tokio::spawn(async move { (n, bucket.put_once("race", vec![n], PDF).await.unwrap()) })
    });
    let mut winners = Vec::new();
    for written in writing.collect::<Vec<_>>() {
        let (n, put) = written.await.unwrap();
        if put == Put::Written {
            winners.push(n);
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(bucket.get("race").await.unwrap().unwrap(), winners);
}

#[tokio::test]
async fn a_link_to_put_takes_one_media_type_one_size_and_one_key_only() {
    let bucket = bucket().await;
    let link = bucket.put_link("kyc/pan.pdf", (PDF, 8), HOUR);
    let put_bytes = async |link: &str, media: Option<&str>, bytes: &'static str| {
        let request = reqwest::Client::new().put(link).body(bytes);
        let request = match media {
            Some(media) => request.header("content-type", media),
            None => request,
        };
        request.send().await.unwrap().status().as_u16()
    };
    let put = async |link: &str, media| put_bytes(link, media, "%PDF-1.7").await;
    assert_eq!(put(&link, Some("text/html")).await, 403);
    for other_size in ["", "%PDF-1.", "%PDF-1.7 and more"] {
        assert_eq!(put_bytes(&link, Some(PDF), other_size).await, 403);
    }
    assert!(matches!(put(&link, None).await, 400 | 403), "stores differ in what they say");
    assert_eq!(put(&link.replace("pan.pdf", "other.pdf"), Some(PDF)).await, 403);
    assert_eq!(bucket.get("kyc/pan.pdf").await.unwrap(), None);
    assert_eq!(put(&link, Some(PDF)).await, 200);
    assert_eq!(bucket.get("kyc/pan.pdf").await.unwrap().unwrap(), b"%PDF-1.7");
}

#[tokio::test]
async fn a_link_to_download_answers_a_file_and_nothing_that_is_shown() {
    let bucket = bucket().await;
    bucket.put_once("kept/a-1", b"<script>".to_vec(), "text/html").await.unwrap();
    let link = bucket.download_link("kept/a-1", (PDF, "pan-1.pdf"), HOUR);
    let answer = reqwest::get(&link).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"pan-1.pdf\"");
    assert_eq!(answer.headers()["content-type"], PDF);
    for (said, other) in [("attachment", "inline"), ("pdf%22", "htm%22"), ("a-1?", "a-2?")] {
        let changed = link.replacen(said, other, 1);
        assert_ne!(changed, link);
        assert_eq!(reqwest::get(&changed).await.unwrap().status(), 403, "{other}");
    }
}

#[tokio::test]
async fn a_link_to_get_reads_and_cannot_write() {
    let bucket = bucket().await;
    bucket.put_once("a.pdf", b"paper".to_vec(), PDF).await.unwrap();
    let link = bucket.get_link("a.pdf", HOUR).await.unwrap();
    let answer = reqwest::get(&link).await.unwrap();
    assert_eq!(answer.headers()["content-type"], PDF);
    assert_eq!(answer.bytes().await.unwrap(), "paper".as_bytes());
    let written = reqwest::Client::new().put(&link).body("x").send().await.unwrap();
    assert_eq!(written.status().as_u16(), 403);
    let (open, _) = link.split_once('?').unwrap();
    assert_eq!(reqwest::get(open).await.unwrap().status().as_u16(), 403);

    bucket.delete("a.pdf").await.unwrap();
    assert_eq!(bucket.get("a.pdf").await.unwrap(), None);
}
