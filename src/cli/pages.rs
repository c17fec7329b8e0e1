//! `picket page …`: pages that the union writes itself.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::highlights::language;
use super::texts::read_text;
use super::{Context, Outcome, print};
use crate::clock::rfc3339;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::site::{self, NewPage, Page};
use crate::statements::draft::Draft;

#[derive(Debug, Subcommand)]
pub(super) enum PageCommand {
    /// Add a page: about us, take action, press contact, privacy, imprint, whatever you want
    Add(Written),
    /// Put a newer text in place of a page's
    Edit(Written),
    /// List all pages, in all languages
    List,
    /// Print a page as it was written, in each language
    Show {
        /// Its name, as it ends its address
        name: String,
    },
    /// Remove a page
    Remove {
        /// Its name, as it ends its address
        name: String,
        /// In this language only
        #[arg(long, value_name = "CODE")]
        lang: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Written {
    /// Its name, as it ends its address, the same in every language: about, press, privacy
    name: String,
    /// Its text in Markdown; - for standard input. A first line "# Title" is its title
    file: PathBuf,
    /// The language of the text; without it, the union's
    #[arg(long, value_name = "CODE")]
    lang: Option<String>,
    /// The title, where the file does not begin with one
    #[arg(long)]
    title: Option<String>,
    /// Puts it into the menu, where smaller numbers stand first
    #[arg(long, value_name = "NUMBER")]
    menu: Option<i32>,
}

pub(super) async fn run(cx: &Context, command: PageCommand) -> Outcome {
    let node = cx.node().await?;
    match command {
        PageCommand::Add(written) => {
            let (new, now) = (new_page(&node, written)?, node.now());
            let page = node.db.write(move |conn| site::add_page(conn, &new, now)).await?;
            print::answer(cx, &document(&node, &page), |_| format!("Added: {}", address(&node, &page)))?;
        }
        PageCommand::Edit(written) => {
            let (new, now) = (new_page(&node, written)?, node.now());
            let page = node.db.write(move |conn| site::change_page(conn, &new, now)).await?;
            print::answer(cx, &document(&node, &page), |_| format!("Changed: {}", address(&node, &page)))?;
        }
        PageCommand::List => list(cx, &node).await?,
        PageCommand::Show { name } => show(cx, &node, name).await?,
        PageCommand::Remove { name, lang } => {
            let removed = node.db.write(move |conn| site::remove_page(conn, &name, lang.as_deref())).await?;
            print::answer(cx, &json!({"removed": removed}), |_| "Removed.".to_owned())?;
        }
    }
    Ok(())
}

fn new_page(node: &Node, written: Written) -> Result<NewPage> {
    let draft = Draft::from_file_text_titled(&read_text(&written.file)?, written.title.as_deref())?;
    let language = language(node, written.lang.or(draft.language))?;
    Ok(NewPage {
        slug: written.name,
        language,
        title: draft.title.unwrap_or_default(),
        html: site::rendered(&node.urls, &draft.markdown),
        markdown: draft.markdown,
        menu_place: written.menu,
    })
}

fn address(node: &Node, page: &Page) -> String {
    node.urls.at(&format!("/pages/{}", page.slug))
}

fn document(node: &Node, page: &Page) -> Value {
    json!({
        "name": page.slug,
        "url": address(node, page),
        "language": page.language,
        "title": page.title,
        "menu": page.menu_place,
        "changed": rfc3339(page.changed_at),
    })
}

async fn list(cx: &Context, node: &Node) -> Result<()> {
    let pages = node.db.read(site::list_pages).await?;
    let documents: Vec<Value> = pages.iter().map(|page| document(node, page)).collect();
    let line = |page: &Page| {
        let menu = page.menu_place.map(|place| format!("  menu {place}")).unwrap_or_default();
        format!("{}  {}  {}{menu}", page.slug, page.language, page.title)
    };
    print::answer(cx, &documents, |_| print::lines(&pages, "There is no page yet; `picket page add` makes one.", line))
}

async fn show(cx: &Context, node: &Node, name: String) -> Result<()> {
    let (named, missing) =
        (name.clone(), Error::not_found(format!("a page {name} (`picket page list` names them all)")));
    let pages = node.db.read(move |conn| site::find_page(conn, &named)).await?;
    if pages.is_empty() {
        return Err(missing);
    }
    let whole = |page: &Page| {
        let mut document = document(node, page);
        document["markdown"] = json!(page.markdown);
        document
    };
    let documents: Vec<Value> = pages.iter().map(whole).collect();
    let text = |page: &Page| format!("--- {} ---\n# {}\n\n{}", page.language, page.title, page.markdown);
    print::answer(cx, &documents, |_| print::lines(&pages, "", text))
}
