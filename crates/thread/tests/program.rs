//! The program as an operator meets it: starting, stopping, being looked at.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

use std::time::Duration;

use serde_json::json;
use testkit::{Answer, Program, client_id};

const BINARY: &str = env!("CARGO_BIN_EXE_thread");

async fn fetch(program: &Program, url: &str) -> Answer {
    Answer::read(program.http.get(url).send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_is_ready_within_two_seconds() {
    let began = std::time::Instant::now();
    let program = Program::start(BINARY).await;
    assert_eq!(fetch(&program, &program.url("/readyz")).await.status, 200);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_on_the_same_directory_is_refused_with_a_sentence() {
    let program = Program::start(BINARY).await;
    let second = program.command().output().await.unwrap();
    assert!(!second.status.success());
    let word = String::from_utf8(second.stderr).unwrap();
    assert!(word.contains("in use by another Thread"), "{word}");
    assert!(second.stdout.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_setting_stops_the_start_and_is_named() {
    let program = Program::start(BINARY).await;
    let refused = program.command().env("THREAD_CHAT__STOER__URL", "x").output().await.unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("chat"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_closes_sockets_acknowledges_what_runs_and_exits_with_success() {
    let mut program = Program::start(BINARY).await;
    let ana = program.person("ana").await;
    let chat = ana.channel("general", "public").await;
    let socket = ana.socket().await;
    let answers: Vec<_> = (0..50)
        .map(|n| {
            let message =
                json!({"chat_id": chat, "client_id": client_id(), "text": format!("{n}")});
            socket.start("send_message", message)
        })
        .collect();
    let status = program.terminate().await;
    assert!(status.success(), "{status}");
    let mut acknowledged = 0;
    for answer in answers {
        acknowledged += usize::from(answer.await.is_ok_and(|answer| answer["ok"] == true));
    }
    assert_eq!(socket.closed().map(|(code, _)| code), Some(1001));
    program.run().await;
    let page = ana.get(&format!("/api/chats/{chat}/messages?limit=100")).await.expect(200);
    assert!(page["items"].as_array().unwrap().len() >= acknowledged);
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_and_sessions_survive_a_restart() {
    let mut program = Program::start(BINARY).await;
    let ana = program.person("ana").await;
    program.kill().await;
    program.run().await;
    ana.get("/api/users/profile").await.expect(200);
    let refreshed =
        ana.post("/api/users/refresh", json!({"refresh_token": ana.refresh_token})).await;
    refreshed.expect(200);
    let again = ana.post("/api/users/refresh", json!({"refresh_token": ana.refresh_token})).await;
    again.refused(401, "session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_metrics_answer_where_they_should() {
    let program = Program::start(BINARY).await;
    assert_eq!(fetch(&program, &program.url("/healthz")).await.status, 200);
    let ready = fetch(&program, &program.url("/readyz")).await.expect(200);
    assert_eq!(ready["status"], "ready");
    let management = format!("http://{}", program.management);
    let metrics = program.http.get(format!("{management}/metrics")).send().await.unwrap();
    assert_eq!(metrics.status(), 200);
    let metrics = metrics.text().await.unwrap();
    assert!(metrics.contains("thread_http_request_seconds"), "{metrics}");
    let public = program.http.get(program.url("/metrics")).send().await.unwrap();
    let body = public.text().await.unwrap();
    assert!(!body.contains("thread_http_request_seconds"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_its_id_and_the_security_headers() {
    let program = Program::start(BINARY).await;
    for path in ["/", "/healthz", "/api/users/profile", "/api/chats/none", "/nowhere.js"] {
        let answer = fetch(&program, &program.url(path)).await;
        for header in ["x-request-id", "x-content-type-options", "content-security-policy"] {
            assert!(answer.headers.contains_key(header), "{path} has no {header}");
        }
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told_as_a_problem_and_never_as_the_web_app() {
    let program = Program::start(BINARY).await;
    for path in ["/api", "/api/nothing", "/api/users/x/y/z", "/auth/none", "/assets/gone.js"] {
        fetch(&program, &program.url(path)).await.refused(404, "not_found");
    }
    let delete = program.http.delete(program.url("/api/users/search")).send().await.unwrap();
    Answer::read(delete).await.refused(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_are_served_and_need_nothing_from_elsewhere() {
    let program = Program::start(BINARY).await;
    for service in ["users", "chats"] {
        let base = format!("/api/{service}/doc");
        let page = program.http.get(program.url(&base)).send().await.unwrap();
        assert!(page.status().is_success() || page.status().is_redirection());
        let page = program.http.get(program.url(&format!("{base}/ui/"))).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let page = page.text().await.unwrap();
        assert!(!page.contains("https://") && page.contains("swagger"), "{page}");
        let document = fetch(&program, &program.url(&format!("{base}/openapi.json"))).await;
        assert_eq!(document.expect(200)["openapi"], "3.1.0");
    }
    let yaml = program.http.get(program.url("/asyncapi.yaml")).send().await.unwrap();
    assert!(yaml.text().await.unwrap().contains("\"asyncapi\": \"3.0.0\""));
    let page = program.http.get(program.url("/asyncapi")).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("send_message"));
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_that_all_is_well_and_what_is_not() {
    let mut program = Program::start(BINARY).await;
    program.terminate().await;
    let doctor = |extra: Vec<&'static str>| {
        let mut command = tokio::process::Command::new(program.binary());
        command
            .arg("doctor")
            .arg("--data-dir")
            .arg(program.data_dir())
            .args(["--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0"])
            .args(extra);
        command
    };
    let well = doctor(vec![]).output().await.unwrap();
    let word = String::from_utf8_lossy(&well.stdout).into_owned();
    assert!(well.status.success(), "{word}{}", String::from_utf8_lossy(&well.stderr));
    // All of it: what is still in the WAL would mend the file.
    for journal in ["chats.db-wal", "chats.db-shm"] {
        let _ = std::fs::remove_file(program.data_dir().join(journal));
    }
    std::fs::write(program.data_dir().join("chats.db"), b"this is no database, is it?").unwrap();
    let ill = doctor(vec![]).output().await.unwrap();
    assert!(!ill.status.success());
    assert!(String::from_utf8_lossy(&ill.stdout).contains("chats.db"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_manages_accounts_from_the_command_line() {
    let program = Program::start(BINARY).await;
    program.person("first").await;
    let user = |arguments: Vec<&'static str>| {
        let mut command = tokio::process::Command::new(program.binary());
        command.arg("user").arg("--data-dir").arg(program.data_dir()).args(arguments);
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        command.stderr(std::process::Stdio::piped());
        command
    };
    let with_password = |mut command: tokio::process::Command| async move {
        use tokio::io::AsyncWriteExt;
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(b"a long passphrase of hers\n").await.unwrap();
        drop(input);
        child.wait_with_output().await.unwrap()
    };
    let added = with_password(user(vec!["add", "zoe", "--email", "zoe@example.org"])).await;
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let login = json!({"username": "zoe", "password": "a long passphrase of hers"});
    let post = program.http.post(program.url("/api/users/login")).json(&login);
    let tokens = Answer::read(post.send().await.unwrap()).await.expect(200);
    assert!(tokens["access_token"].is_string());
    let promoted = user(vec!["role", "zoe", "admin"]).output().await.unwrap();
    assert!(promoted.status.success(), "{}", String::from_utf8_lossy(&promoted.stderr));
    let listed = user(vec!["list"]).output().await.unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.lines().any(|line| line.contains("zoe") && line.contains("admin")), "{listed}");
    let unknown = user(vec!["role", "nobody", "admin"]).output().await.unwrap();
    assert!(!unknown.status.success());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("nobody"));
}
