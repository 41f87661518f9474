//! Owns the way from a folder to a [`Pack`]: its files in order, what holds across them, and
//! every problem at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::built_in;
use crate::context::Context;
use crate::document::Document;
use crate::example;
use crate::fixture::{Fixtures, Written, is_hyphenated};
use crate::folder::{Folder, NAME_FILE};
use crate::inventory;
use crate::item::{self, Numbered, is_dotted};
use crate::pack::{Item, Module, Pack, Source};
use crate::problem::Problems;
use crate::python::is_name;
use crate::raw::{FileShape, ModuleShape, PackShape};
use crate::reader;
use crate::releases::{self, Releases};
use crate::table;
use crate::tree::{Node, Spot};
use crate::vocabulary::is_taken;

impl Pack {
    /// Reads the pack in a folder.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(dir: &Path) -> Result<Pack, Problems> {
        Folder::read(dir)
            .map_err(Problems::new)
            .and_then(|folder| read(&folder))
    }

    /// Reads the built-in pack with this name; `None` where there is none, see
    /// [`built_in::names`].
    ///
    /// # Errors
    /// Everything that is wrong with it.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Result<Pack, Problems>> {
        let folder = Folder::built_in(built_in::folder(name)?);
        Some(
            folder
                .map_err(Problems::new)
                .and_then(|folder| read(&folder)),
        )
    }
}

fn read(folder: &Folder) -> Result<Pack, Problems> {
    let mut documents = Vec::new();
    let mut nodes = Vec::new();
    for file in &folder.files {
        let (document, node) = Document::read(file);
        documents.push(document);
        nodes.push((node, file.path == Path::new(NAME_FILE)));
    }
    let mut head = None;
    let mut shapes: Vec<(usize, FileShape)> = Vec::new();
    for (number, (document, (node, names_pack))) in documents.iter().zip(&nodes).enumerate() {
        let Some(node) = node else { continue };
        if *names_pack {
            head = read_head(document, node, number);
        } else if let Some(shape) = reader::read(node, document) {
            shapes.push((number, shape));
        }
    }
    let (fixtures, mut items) = read_items(&documents, &shapes, head.as_ref());
    if let Some(head) = &head {
        releases::mark(
            &mut items,
            &documents,
            &head.releases,
            &head.source.sections,
        );
    }
    drop(shapes);
    drop(nodes);
    let problems: Vec<_> = documents
        .into_iter()
        .flat_map(Document::into_problems)
        .collect();
    match head {
        Some(head) if problems.is_empty() => Ok(Pack {
            name: head.name,
            version: head.version,
            title: head.title,
            module: head.module,
            source: head.source,
            digest: folder.digest.clone(),
            fixtures: fixtures.into_pack(),
            items,
        }),
        _ => Err(Problems::new(problems)),
    }
}

/// What `pack.yaml` says.
struct Head {
    name: String,
    version: String,
    title: String,
    module: Module,
    source: Source,
    releases: Releases,
}

fn read_head(document: &Document<'_>, node: &Node<'_>, number: usize) -> Option<Head> {
    let shape: PackShape = reader::read(node, document)?;
    let owner = node.spot;
    let text = |field: Option<(Spot, &String)>, fits: &dyn Fn(&str) -> bool, what: &str| {
        let (spot, text) = field?;
        if fits(text) {
            return Some(text.clone());
        }
        document.report(spot, format!("expected {what}, found `{text}`"));
        None
    };
    let filled = |text: &str| !text.trim().is_empty();
    let name = text(
        shape.pack.required(document, owner, "pack"),
        &is_hyphenated,
        "small letters and digits, joined by hyphens",
    );
    let version = shape.version.required(document, owner, "version");
    let version = text(version, &is_version, "three numbers such as `1.0.0`");
    let title = text(
        shape.title.required(document, owner, "title"),
        &filled,
        "a title",
    );
    let module = shape.module.required(document, owner, "module");
    let module = module.and_then(|(spot, module)| read_module(document, spot, module));
    let source = shape
        .source
        .required(document, owner, "source")
        .and_then(|(spot, source)| {
            let title = text(
                source.title.required(document, spot, "title"),
                &filled,
                "a title",
            );
            let url = text(source.url.placed(), &filled, "an address");
            let sha256 = source.sha256.required(document, spot, "sha256");
            let sha256 = text(sha256, &is_sha256, "64 small hexadecimal digits");
            Some(Source {
                title: title?,
                url,
                sha256: sha256?,
                sections: inventory::sections(document, &source.sections),
            })
        });
    Some(Head {
        name: name?,
        version: version?,
        title: title?,
        module: module?,
        source: source?,
        releases: Releases::read(document, number, &shape.releases),
    })
}

fn read_module(document: &Document<'_>, spot: Spot, shape: &ModuleShape) -> Option<Module> {
    let (import, name) = match shape {
        ModuleShape::Scalar(import) => ((spot, import), None),
        ModuleShape::Mapping(shape) => {
            let import = shape.import.required(document, spot, "import")?;
            (import, shape.r#as.placed())
        }
    };
    let (spot, import) = import;
    if !is_dotted(import) {
        document.report(
            spot,
            format!("expected the name of a module, found `{import}`"),
        );
        return None;
    }
    if let Some((spot, name)) = name
        && (!is_name(name) || is_taken(name))
    {
        let says = format!("programs cannot call the module `{name}`");
        document.report_with(
            spot,
            says,
            "choose a name that means nothing yet".to_owned(),
        );
        return None;
    }
    Some(Module {
        import: import.clone(),
        name: name.map_or(import, |(_, name)| name).clone(),
    })
}

fn is_version(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    text.split('.').count() == 3 && text.split('.').all(number)
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
}

fn read_items(
    documents: &[Document<'_>],
    shapes: &[(usize, FileShape)],
    head: Option<&Head>,
) -> (Fixtures, Vec<Item>) {
    let code = names_of_api(shapes);
    let of = |number: usize| {
        let module = head.map(|head| &head.module);
        documents.get(number).map(|document| Context {
            document,
            module,
            code: &code,
        })
    };
    let mut written = Written::default();
    for (number, shape) in shapes {
        if let (Some(context), Some(table)) = (of(*number), shape.fixtures.get()) {
            written.add(context, *number, table);
        }
    }
    let fixtures = written.read();
    let mut items = Vec::new();
    let mut known = BTreeMap::new();
    for (number, shape) in shapes {
        let Some(context) = of(*number) else { continue };
        for Numbered { spot, item } in items_of(&context, &fixtures, shape) {
            let place = context.document.place(spot);
            if let Some(earlier) = known.get(&item.id) {
                let message = format!("`{}` is described already, at {earlier}", item.id);
                context.document.report(spot, message);
            } else {
                known.insert(item.id.clone(), place);
            }
            items.push(item);
        }
    }
    fixtures.report_unused(documents);
    if let Some(head) = head {
        inventory::place(&mut items, &head.source.sections);
    }
    (fixtures, items)
}

/// The items of a file, in the order in which they are written.
fn items_of(context: &Context<'_>, fixtures: &Fixtures, shape: &FileShape) -> Vec<Numbered> {
    let mut items: Vec<Numbered> = item::read(context, fixtures, shape).into_iter().collect();
    if let Some(constants) = shape.constants.get() {
        items.extend(table::constants(context, constants));
    }
    if let Some(listings) = shape.listings.get() {
        items.extend(table::listings(context, listings));
    }
    if let Some(examples) = shape.examples.get() {
        items.extend(example::examples(context, examples));
    }
    items.sort_by_key(|item| item.spot);
    items
}

/// The parts of all ids and the names of all parameters.
fn names_of_api(shapes: &[(usize, FileShape)]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, shape) in shapes {
        let constants = shape
            .constants
            .get()
            .into_iter()
            .flat_map(|table| table.entries());
        let ids = shape.item.get().map(String::as_str);
        for id in ids.into_iter().chain(constants.map(|(_, id, _)| id)) {
            names.extend(id.split('.').map(str::to_owned));
        }
        let parameters = shape
            .parameters
            .get()
            .into_iter()
            .flat_map(|table| table.entries());
        names.extend(parameters.map(|(_, name, _)| name.to_owned()));
    }
    names
}
