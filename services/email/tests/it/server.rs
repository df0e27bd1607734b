//! A mail server that says what the test tells it to say. Only for what the real sink never does.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes it.
    Take,
    /// Answers the recipient with this code.
    Refuse(u16),
    /// Hangs up after the recipient.
    HangUp,
    /// Takes the whole mail and hangs up before its answer.
    TakeAndHangUp,
}

/// A mail server.
#[derive(Clone)]
pub struct MailServer {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<String>>>,
    meanwhile: Arc<Mutex<Option<Meanwhile>>>,
}

/// What happens while it has a mail and did not answer yet.
type Meanwhile = Box<dyn Fn() + Send>;

impl MailServer {
    /// Starts one.
    pub async fn start(mood: Mood) -> Self {
        Self::start_at(0, mood).await
    }

    /// Starts one at this port.
    pub async fn start_at(port: u16, mood: Mood) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self {
            port,
            mood: Arc::new(Mutex::new(mood)),
            taken: Arc::default(),
            meanwhile: Arc::default(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.talk(stream).await.ok() });
            }
        });
        server
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Changes what it does.
    pub fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Has something happen between each mail and its answer.
    pub fn meanwhile(&self, happens: impl Fn() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(happens));
    }

    /// Every mail it read to the end, as it came over the wire.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test ready\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let mood = *self.mood.lock().unwrap();
            let answer = match (line.split([' ', ':']).next().unwrap_or_default(), mood) {
                ("RCPT", Mood::HangUp) => return Ok(()),
                ("RCPT", Mood::Refuse(code)) => format!("{code} <somebody@secret.test> no"),
                ("DATA", _) => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut mail = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.taken.lock().unwrap().push(mail);
                    if let Some(happens) = &*self.meanwhile.lock().unwrap() {
                        happens();
                    }
                    if mood == Mood::TakeAndHangUp {
                        return Ok(());
                    }
                    "250 taken".to_owned()
                }
                ("QUIT", _) => "221 bye".to_owned(),
                _ => "250 fine".to_owned(),
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}

/// The headers of a raw mail, unfolded.
pub fn headers(mail: &str) -> Vec<String> {
    let head = mail.split("\n\n").next().unwrap_or_default();
    let mut headers: Vec<String> = Vec::new();
    for line in head.lines() {
        match headers.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
            Some(last) => last.push_str(line),
            None => headers.push(line.to_owned()),
        }
    }
    headers
}
