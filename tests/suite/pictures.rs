//! Pictures of others on our pages: from our own address, written anew, and only those that stand in what is shown.

use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage};
use picket::error::Error;
use picket::federation::remote::picture;
use picket::federation::{defederation, outbox};
use picket::limits::Limits;
use picket::moderation::review::approve;
use picket::rates::Rates;
use picket::transport::Account;
use serde_json::{Value, json};

use crate::harness::{Person, Remote, Reply, TestNode, ally, id, on_both_databases};

const SECRET: &[u8] = b"<script>alert('GPS 40.80N 29.43E')</script>";

/// A picture with something behind its end.
fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, _| Rgb([u8::try_from(x % 200).expect("small"), 0, 90]));
    [written(&picture.into()), SECRET.to_vec()].concat()
}

fn written(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// A few bytes that claim 9,000 by 9,000 pixels, with the checksum of the claim.
fn bomb() -> Vec<u8> {
    let mut bytes = png(4, 4);
    for side in [16..20, 20..24] {
        bytes[side].copy_from_slice(&9_000_u32.to_be_bytes());
    }
    let mut checksum = flate2::Crc::new();
    checksum.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    bytes
}

fn with_picture(remote: &Remote, person: &Person, path: &str) -> Value {
    let mut note = person.note("<p>Look</p>");
    note["attachment"] = json!([{
        "type": "Document", "mediaType": "image/png", "url": format!("{}{path}", remote.base), "name": "Cranes at <dawn>",
    }]);
    remote.serve(&note);
    note
}

async fn pass_on(node: &TestNode, note: &Value) {
    outbox::boost(&node.node, id(note)).await.expect("passed on");
    node.deliver_all().await;
}

on_both_databases! {
    async fn a_picture_of_what_we_pass_on_is_shown_from_our_address_and_written_anew(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let anna = remote.person("anna");
        let note = with_picture(&remote, &anna, "/march.png");
        remote.reply("/march.png", Reply::Bytes("image/png", png(1500, 20)));
        pass_on(&node, &note).await;
        let page = node.page("/").await.body;
        assert!(page.contains("src=\"/media/posts/1/0\"") && page.contains("alt=\"Cranes at &#60;dawn&#62;\""), "{page}");
        assert!(!page.contains(&format!("src=\"{}", remote.base)), "{page}");
        assert_eq!(remote.fetches_of("/march.png"), 0, "fetched when it is looked at");
        for _ in 0..2 {
            let shown = node.get("/media/posts/1/0").await;
            assert_eq!(shown.status, 200);
            assert!(["image/png", "image/webp"].contains(&shown.header("content-type")), "{:?}", shown.headers);
            assert_eq!(shown.header("x-content-type-options"), "nosniff");
            assert!(!shown.body.contains("script") && !shown.body.contains("GPS"));
        }
        assert_eq!(remote.fetches_of("/march.png"), 1, "kept");
        let asked = remote.asked().into_iter().find(|asked| asked.target == "/march.png").expect("asked");
        assert!(asked.headers.get("referer").is_none() && asked.headers.get("cookie").is_none());
        world.pass(chrono::TimeDelta::days(8));
        assert_eq!(node.get("/media/posts/1/0").await.status, 200);
        assert_eq!(remote.fetches_of("/march.png"), 2, "what is old is asked for again");
        let kept = || std::fs::read_dir(node.node.config.picture_cache_dir()).expect("a folder").count();
        assert_eq!(kept(), 1);
        world.pass(chrono::TimeDelta::days(8));
        node.forget().await;
        assert_eq!(kept(), 0, "and goes when nobody asks");
    }

    async fn pictures_of_what_is_not_shown_are_not_found_and_not_asked_for(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let statement = node.publish_at("# Strike").await;
        let eve = remote.person("eve");
        let mut document = eve.document();
        document["icon"] = json!({"type": "Image", "url": format!("{}/eve.png", remote.base)});
        remote.serve(&document);
        for path in ["/held.png", "/eve.png"] {
            remote.reply(path, Reply::Bytes("image/png", png(20, 20)));
        }
        let mut held = with_picture(&remote, &eve, "/held.png");
        held["inReplyTo"] = json!(statement);
        eve.says(&node, &eve.activity("Create", held)).await;
        let actor = node.texts("CAST(author_id AS TEXT)", "posts").await.remove(0).expect("a number");
        let icon = format!("/media/actors/{actor}");
        for path in ["/media/posts/1/0", &icon, "/media/posts/2/0", "/media/posts/x/0", "/media/posts/1/-1", "/media/actors/1e9", "/media/actors/99"] {
            assert_eq!(node.get(path).await.status, 404, "{path}");
        }
        assert_eq!(remote.fetches_of("/held.png") + remote.fetches_of("/eve.png"), 0);
        node.write(|conn| approve(conn, 1)).await;
        assert_eq!((node.get("/media/posts/1/0").await.status, node.get(&icon).await.status), (200, 200));
        assert!(node.page(&statement).await.body.contains(&format!("src=\"{icon}\"")));
        assert_eq!(node.get("/media/posts/1/1").await.status, 404, "it has one only");
        defederation::block(&node.node, "127.0.0.1", None).await.expect("blocked");
        assert_eq!((node.get("/media/posts/1/0").await.status, node.get(&icon).await.status), (404, 404));
    }

    async fn pictures_and_faces_of_answers_go_with_the_statement_that_they_answered(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = ally(&node, &remote).await;
        let mut numbers = Vec::new();
        let statement = node.publish_at("# Strike").await;
        for person in [ally, remote.person("eve"), remote.person("mia")] {
            let face = format!("/{}.png", numbers.len());
            let mut document = person.document();
            document["icon"] = json!({"type": "Image", "url": format!("{}{face}", remote.base)});
            remote.serve(&document);
            person.says(&node, &person.activity("Update", document)).await;
            remote.reply(&face, Reply::Bytes("image/png", png(20, 20)));
            remote.reply("/answer.png", Reply::Bytes("image/png", png(20, 20)));
            let mut answer = with_picture(&remote, &person, "/answer.png");
            answer["inReplyTo"] = json!(statement);
            remote.serve(&answer);
            person.says(&node, &person.activity("Create", answer.clone())).await;
            node.review(id(&answer), approve).await.expect("approved");
            let uri = id(&answer).to_owned();
            let post = node.read(move |conn| Ok(picket::posts::find(conn, &uri)?.expect("kept"))).await;
            numbers.push((post.id, post.author_id, answer));
        }
        let shown = async |expected: [u16; 3]| {
            for ((post, author, _), status) in numbers.iter().zip(expected) {
                for path in [format!("/media/posts/{post}/0"), format!("/media/actors/{author}")] {
                    assert_eq!(node.get(&path).await.status, status, "{path}");
                }
            }
        };
        shown([200, 200, 200]).await;
        pass_on(&node, &numbers[2].2).await;
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        node.deliver_all().await;
        // Of the ally and of whom the union passed on there is something to be seen all the same.
        shown([200, 404, 200]).await;
    }

    async fn whatever_stands_at_an_address_is_shown_as_a_picture_or_not_at_all(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let anna = remote.person("anna");
        let replies = [
            Reply::Bytes("text/html", SECRET.to_vec()),
            Reply::Bytes("image/png", SECRET.to_vec()),
            Reply::Bytes("image/svg+xml", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec()),
            Reply::Bytes("image/png", png(40, 40)[..60].to_vec()),
            // All is well with these two but that they are too large: too many bytes, too many pixels.
            Reply::Bytes("image/png", [png(40, 40), vec![0; 8 * 1024 * 1024]].concat()),
            Reply::Bytes("image/png", written(&GrayImage::new(4_200, 4_100).into())),
            Reply::Bytes("image/png", bomb()),
            Reply::Status(404),
            Reply::Status(403),
            Reply::Status(500),
            Reply::Header(302, "Location", "file:///etc/passwd".to_owned()),
            Reply::Hangup,
        ];
        for (number, reply) in (1..).zip(replies) {
            let path = format!("/{number}.png");
            remote.reply(&path, reply);
            pass_on(&node, &with_picture(&remote, &anna, &path)).await;
            let answered = node.get(&format!("/media/posts/{number}/0")).await;
            assert_eq!((answered.status, answered.header("cache-control")), (404, "no-store"), "{number}");
        }
        assert!(!node.node.config.picture_cache_dir().exists(), "nothing is kept");
    }

    async fn pictures_of_a_server_that_says_nothing_are_not_found_and_too_many_at_once_may_be_asked_for_later(world) {
        let (node, remote) = (world.node().await.impatient(world), world.remote().await);
        remote.reply("/slow.png", Reply::Silence);
        let slow = format!("{}/slow.png", remote.base);
        let missed = picture(&node.node, &slow, 100).await;
        assert!(matches!(missed, Err(Error::NotFound(_))), "{missed:?}");
        let mut limits = Limits::new(&node.node.config);
        limits.pictures = Account::new(Rates::new(1, 1), 1, 1).into();
        let busy = node.node.clone().with(|parts| parts.limits = limits.into());
        for (path, expected) in [("/one.png", "not_found"), ("/two.png", "too_many")] {
            let address = format!("{}{path}", remote.base);
            let refused = picture(&busy, &address, 100).await.expect_err("nothing to be seen");
            assert_eq!(refused.word(), expected, "{refused}");
        }
    }

    async fn what_is_no_picture_is_asked_for_once_however_many_look(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let anna = remote.person("anna");
        remote.reply("/broken.png", Reply::Bytes("image/png", SECRET.to_vec()));
        pass_on(&node, &with_picture(&remote, &anna, "/broken.png")).await;
        for _ in 0..3 {
            assert_eq!(node.get("/media/posts/1/0").await.status, 404);
        }
        assert_eq!(remote.fetches_of("/broken.png"), 1);
        world.pass(chrono::TimeDelta::minutes(2));
        remote.reply("/broken.png", Reply::Bytes("image/png", png(20, 20)));
        assert_eq!(node.get("/media/posts/1/0").await.status, 200, "mended");
    }

    async fn readers_who_are_the_first_at_once_all_see_it(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let anna = remote.person("anna");
        remote.reply("/march.png", Reply::Bytes("image/png", png(1500, 20)));
        pass_on(&node, &with_picture(&remote, &anna, "/march.png")).await;
        let look = || node.get("/media/posts/1/0");
        let (one, two, three) = tokio::join!(look(), look(), look());
        assert_eq!((one.status, two.status, three.status), (200, 200, 200));
        let kept = std::fs::read_dir(node.node.config.picture_cache_dir()).expect("a folder").count();
        assert_eq!(kept, 1, "one picture, one file");
    }

    async fn an_ally_has_a_face_and_a_sensitive_picture_waits_to_be_asked_for(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = ally(&node, &remote).await;
        let mut note = with_picture(&remote, &ally, "/a.png");
        note["sensitive"] = json!(true);
        remote.serve(&note);
        pass_on(&node, &note).await;
        let page = node.page("/").await.body;
        let hidden = page.split("<details class=\"warning\"").nth(1).and_then(|rest| rest.split("</details>").next()).expect("hidden");
        assert!(hidden.contains("/media/posts/1/0"), "{page}");
    }
}
