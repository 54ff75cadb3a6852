// What octavo.binder.links, providers, badges and explain do, for the page that makes links.
// tests/binder/test_ui_links.py compares both on thousands of forms: same link, same words, same
// badges, same error code.
"use strict";

const octavoLinks = (() => {
  const BUILD_BRANCH = "binder-build";
  const MYBINDER = "https://mybinder.org";

  class LinkError extends Error {
    constructor(code, field, message) {
      super(message);
      this.code = code;
      this.field = field;
    }
  }

  // ---- text, as Python sees it -------------------------------------------------------------

  const BLANKS = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
  const LEADING = new RegExp(`^${BLANKS}+`);
  const TRAILING = new RegExp(`${BLANKS}+$`);
  const ANY_BLANKS = new RegExp(`${BLANKS}+`);
  const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
  const LONE = /\p{Cs}/u;

  const strip = (text) => text.replace(LEADING, "").replace(TRAILING, "");
  const stripSlashes = (text) => text.replace(/^\/+/, "").replace(/\/+$/, "");
  const isPrintable = (text) => !UNPRINTABLE.test(text);
  const oneLine = (text) => strip(text).split(ANY_BLANKS).join(" ");
  const removeSuffix = (text, end) => (text.endsWith(end) ? text.slice(0, -end.length) : text);
  const after = (text, mark) => {
    const at = text.indexOf(mark);
    return at < 0 ? "" : text.slice(at + mark.length);
  };
  const before = (text, mark) => {
    const at = text.indexOf(mark);
    return at < 0 ? text : text.slice(0, at);
  };

  // Percent-encode everything but letters, digits and `_.-~`, and what *safe* names.
  function quote(text, safe = "") {
    const encoded = encodeURIComponent(text).replace(
      /[!'()*]/g, (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase());
    return safe === "/" ? encoded.replace(/%2F/g, "/") : encoded;
  }

  const escapeHtml = (text) => text.replace(
    /[&<>"']/g,
    (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" })[sign]);

  // ---- refs and paths -----------------------------------------------------------------------

  const FORBIDDEN = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.lock(?:\/|$)|(?:^|\/)\.|[./]$|^[-/]|^@$/;

  function checkRef(ref, field) {
    if (!ref || FORBIDDEN.test(ref) || LONE.test(ref)) {
      throw new LinkError("OCT-B007", field,
        `“${ref}” cannot be the name of a branch, tag or commit: git allows no blanks, no “..”, ` +
        "none of ~^:?*[\\ and no leading dash.");
    }
    return ref;
  }

  function checkPath(path, field) {
    const plain = stripSlashes(path);
    const parts = plain ? plain.split("/") : [];
    const isBad = (part) => part === "" || part === "." || part === ".." || part.includes("\0");
    if (LONE.test(plain) || parts.some(isBad)) {
      throw new LinkError("OCT-B006", field,
        `“${path}” is no path inside the repository: write it from the top folder, without . and ..`);
    }
    return plain;
  }

  const quotedPath = (path) => path.split("/").map((part) => quote(part)).join("/");

  // ---- providers ------------------------------------------------------------------------------

  const DOI = /^10\.\p{Nd}+\/.+$/su;
  const SCP = /^[\p{L}\p{N}_.-]+@([\p{L}\p{N}_.-]+):(?!\/\/)(.+)$/u;
  const HEX_ID = /[0-9a-f]{32}/;
  const GIT_URL = /^(?:https?|git|ssh):\/\/[^/\s]+\/\S+$/;
  const WEB_URL = /^https?:\/\/[^/\s]+\/\S+$/;
  const DOI_SITES = ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "doi:"];
  const DOI_MARKS = [["zenodo", "zenodo"], ["figshare", "figshare"], ["/dvn/", "dataverse"]];
  const BAD_NAME = /[ \t\r\n%?#\\<>"'`&;:@|$(){}[\]*^~]/;

  const wrong = (text, title, sample) => new LinkError(
    "OCT-B003", "environment", `“${text}” is no repository of ${title}: it looks like ${sample}.`);
  const isName = (part) => part !== "" && part !== "." && part !== ".." && part[0] !== "-" &&
    /^[\x20-\x7e]+$/.test(part) && !BAD_NAME.test(part);
  const plainName = (text) => removeSuffix(stripSlashes(strip(text)), ".git");

  function checkGh(text) {
    const name = plainName(text);
    const parts = name.split("/");
    if (parts.length !== 2 || !parts.every(isName)) throw wrong(text, "GitHub", "gh:OWNER/REPO");
    return name;
  }

  function checkGl(text) {
    const name = plainName(text);
    const parts = name.split("/");
    if (parts.length < 2 || !parts.every(isName)) {
      throw wrong(text, "GitLab", "gl:GROUP/PROJECT, with groups in groups");
    }
    return name;
  }

  function checkGist(text) {
    const name = plainName(text);
    const parts = name.split("/");
    if (parts.length !== 2 || !parts.every(isName) || !/^[0-9a-f]*$/.test(parts[1])) {
      throw wrong(text, "Gist", "gist:USER/ID");
    }
    return name;
  }

  function checkGit(text) {
    let url = strip(text);
    const found = SCP.exec(url);
    if (found) url = `ssh://${before(url, ":")}/${found[2].replace(/^\/+/, "")}`;
    if (!GIT_URL.test(url) || !isPrintable(url)) {
      throw wrong(text, "Git", "git:https://HOST/PATH (http, https, git or ssh)");
    }
    return url;
  }

  function checkDoi(text) {
    let doi = strip(text);
    for (const site of DOI_SITES) if (doi.startsWith(site)) doi = doi.slice(site.length);
    doi = doi.replace(/\/+$/, "");
    if (!DOI.test(doi) || !isPrintable(doi) || doi.includes(" ")) {
      throw wrong(text, "a DOI archive", "10.5281/zenodo.3242074");
    }
    return doi;
  }

  function checkHydroshare(text) {
    const name = strip(text).replace(/\/+$/, "");
    if (!HEX_ID.test(name) || !isPrintable(name)) {
      throw wrong(text, "Hydroshare", "32 hexadecimal digits, or the URL of a resource");
    }
    return name;
  }

  function checkCkan(text) {
    const url = strip(text).replace(/\/+$/, "");
    if (!WEB_URL.test(url) || !url.includes("/dataset/") || !isPrintable(url)) {
      throw wrong(text, "CKAN", "https://HOST/dataset/ID");
    }
    return url;
  }

  const joinPath = (repository, ref) => `${quote(repository, "/")}/${quote(ref, "/")}`;
  const joinQuoted = (repository, ref) => `${quote(repository)}/${quote(ref, "/")}`;
  const noClone = () => "";
  const archive = (title) => ({
    title, check: checkDoi, join: (doi) => quote(doi, "/"), defaultRef: null, cloneUrl: noClone,
  });

  const PROVIDERS = {
    gh: { title: "GitHub", check: checkGh, join: joinPath, defaultRef: "HEAD",
          cloneUrl: (name) => `https://github.com/${name}` },
    gist: { title: "Gist", check: checkGist, defaultRef: "",
            join: (repository, ref) => (ref ? `${repository}/${ref}` : repository),
            cloneUrl: (name) => `https://gist.github.com/${name}.git` },
    gl: { title: "GitLab", check: checkGl, join: joinQuoted, defaultRef: "HEAD",
          cloneUrl: (name) => `https://gitlab.com/${name}.git` },
    git: { title: "Git", check: checkGit, join: joinQuoted, defaultRef: "HEAD",
           cloneUrl: (url) => url },
    zenodo: archive("Zenodo"),
    figshare: archive("Figshare"),
    dataverse: archive("Dataverse"),
    hydroshare: { title: "Hydroshare", check: checkHydroshare, join: (name) => quote(name),
                  defaultRef: null, cloneUrl: noClone },
    ckan: { title: "CKAN", check: checkCkan, join: (url) => quote(url), defaultRef: null,
            cloneUrl: noClone },
  };
  const isProvider = (name) => Object.hasOwn(PROVIDERS, name);

  function providerOfDoi(text) {
    for (const [mark, name] of DOI_MARKS) if (text.toLowerCase().includes(mark)) return name;
    throw new LinkError("OCT-B003", "environment",
      `“${text}” does not tell whose DOI it is: write zenodo:, figshare: or dataverse: before it.`);
  }

  function ofUrl(url) {
    const rest = after(url, "://");
    const host = before(rest, "/");
    const path = after(rest, "/");
    const sites = { "github.com": "gh", "www.github.com": "gh", "gitlab.com": "gl",
                    "gist.github.com": "gist", "www.hydroshare.org": "hydroshare" };
    if (Object.hasOwn(sites, host) && /^https?:\/\//.test(url)) {
      const provider = sites[host];
      if (provider === "hydroshare") return ["hydroshare", url];
      if (provider === "gh" && stripSlashes(path).split("/").length > 2) return ["git", url];
      return [provider, stripSlashes(path)];
    }
    return `/${path}`.includes("/dataset/") ? ["ckan", url] : ["git", url];
  }

  function makeEnvironment(name, text, ref) {
    const provider = PROVIDERS[name];
    if (provider.defaultRef === null && ref) {
      throw new LinkError("OCT-B003", "environmentRef",
        `${provider.title} has no branches: name the version in the identifier instead.`);
    }
    const repository = provider.check(text);
    const used = ref || provider.defaultRef || "";
    if (used) checkRef(used, "environmentRef");
    return { provider: name, repository, ref: used,
             spec: () => provider.join(repository, used), cloneUrl: provider.cloneUrl(repository) };
  }

  function environment(text, ref) {
    const colon = text.includes(":");
    const prefix = before(text, ":");
    if (colon && isProvider(prefix)) return makeEnvironment(prefix, after(text, ":"), ref);
    if (DOI_SITES.some((site) => text.startsWith(site)) || DOI.test(text)) {
      return makeEnvironment(providerOfDoi(text), text, ref);
    }
    if (text.includes("://") || SCP.test(text)) return makeEnvironment(...ofUrl(text), ref);
    if (colon) {
      throw new LinkError("OCT-B002", "environment",
        `“${prefix}” is no provider; known are ${Object.keys(PROVIDERS).join(", ")}.`);
    }
    return makeEnvironment("gh", text, ref);
  }

  function repositoryUrl(text) {
    const prefix = before(text, ":");
    if (text.includes("://") || SCP.test(text) || (text.includes(":") && !isProvider(prefix))) {
      return text;
    }
    const url = environment(text, "").cloneUrl;
    if (!url) {
      throw new LinkError("OCT-B003", "content", `Nothing can be cloned from “${text}”: name a URL.`);
    }
    return url;
  }

  // ---- links --------------------------------------------------------------------------------

  const APPS = {
    lab: { title: "JupyterLab", prefix: "lab/tree/", opens: "any", suffix: "" },
    notebook: { title: "Jupyter Notebook", prefix: "tree/", opens: "any", suffix: "" },
    notebooks: { title: "Jupyter Notebook (one document)", prefix: "notebooks/", opens: "file",
                 suffix: "" },
    doc: { title: "JupyterLab (one document)", prefix: "doc/tree/", opens: "any", suffix: "" },
    classic: { title: "the classic Notebook", prefix: "nbclassic/tree/", opens: "any", suffix: "" },
    rstudio: { title: "RStudio", prefix: "rstudio/", opens: "nothing", suffix: "" },
    shiny: { title: "Shiny", prefix: "shiny/", opens: "folder", suffix: "/" },
    voila: { title: "Voila", prefix: "voila/render/", opens: "file", suffix: "" },
  };
  const HUB = /^https?:\/\/[^/?#\s@\\<>"']+(?:\/[^?#\s\\<>"']*)?$/;

  function hubUrl(text) {
    const url = removeSuffix(text.replace(/\/+$/, ""), "/hub");
    if (!HUB.test(url) || !isPrintable(url)) {
      throw new LinkError("OCT-B004", "hub",
        `“${text}” is not the address of a hub, such as ${MYBINDER}.`);
    }
    return url;
  }

  function basePath(hub) {
    const path = after(after(hub, "://"), "/");
    return path ? `/${path}/` : "/";
  }

  const query = (pairs) => pairs.map(([key, value]) => `${quote(key)}=${quote(value)}`).join("&");

  function cloneFolder(content) {
    return stripSlashes(content.target) ||
      content.repository.replace(/\/+$/, "").split("/").pop();
  }

  function pullPairs(content) {
    const { repository } = content;
    if (!repository || !isPrintable(repository) || repository.includes(" ")) {
      throw new LinkError("OCT-B006", "content", `“${repository}” is no URL of a repository.`);
    }
    if (repository.startsWith("-") || repository.includes("::")) {
      throw new LinkError("OCT-B006", "content",
        `“${repository}” would be a command, not a URL, to git.`);
    }
    const pairs = [["repo", repository]];
    if (content.branch) pairs.push(["branch", checkRef(content.branch, "branch")]);
    if (content.target) {
      const target = checkPath(content.target, "target");
      if (target.startsWith("-") || target !== strip(target) || !isPrintable(target)) {
        throw new LinkError("OCT-B006", "target", `git cannot clone into a folder “${target}”.`);
      }
      pairs.push(["targetPath", target]);
    }
    if (content.depth !== null) pairs.push(["depth", String(content.depth)]);
    return pairs;
  }

  function address(launch) {
    const app = APPS[launch.app];
    const path = checkPath(launch.path, "path");
    if (app.opens === "nothing") {
      if (path) {
        throw new LinkError("OCT-B006", "path",
          `${app.title} has no address for a file: leave it out, people open it themselves.`);
      }
      return app.prefix;
    }
    if (app.opens === "file" && !path) {
      throw new LinkError("OCT-B006", "path", `${app.title} opens a file: name one.`);
    }
    const cloned = launch.content
      ? [[launch.parent, "parent"], [cloneFolder(launch.content), "content"]] : [];
    const places = [...cloned, [path, "path"]].map(([part, field]) => checkPath(part, field));
    return app.prefix + quotedPath(places.filter(Boolean).join("/")) + app.suffix;
  }

  function build(launch) {
    const hub = hubUrl(launch.hub);
    const opened = address(launch);
    let inner = opened;
    if (launch.content) {
      inner = "git-pull?" + query([...pullPairs(launch.content), ["urlpath", opened]]);
    } else if (launch.server) {
      throw new LinkError("OCT-B006", "server",
        "A named server is only asked for together with content.");
    }
    if (launch.kind === "binder") {
      const head = `${hub}/v2/${launch.environment.provider}/${launch.environment.spec()}`;
      return `${head}?${query([["urlpath", inner]])}`;
    }
    const redirect = "hub/user-redirect/" +
      (launch.server ? quote(launch.server) + "/" : "") + inner;
    if (launch.kind === "lti") {
      return `${hub}/hub/lti/launch?${query([["next", basePath(hub) + redirect]])}`;
    }
    return `${hub}/${redirect}`;
  }

  // ---- words ----------------------------------------------------------------------------------

  // The repr of a Python text, for the names that a hub's servers have.
  function python(text) {
    const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
    const escaped = text.replace(/\\/g, "\\\\").replaceAll(mark, "\\" + mark);
    return mark + escaped + mark;
  }

  const HUBS = {
    binder: "BinderHub",
    jupyterhub: "JupyterHub",
    lti: "JupyterHub, launched by a learning platform (LTI)",
  };

  function refWords(ref) {
    if (ref === "HEAD") return "default branch";
    return /^[0-9a-f]{40}$/.test(ref) ? `commit ${ref}` : `branch or tag ${ref}`;
  }

  function builtWords(built) {
    const provider = PROVIDERS[built.provider];
    const name = `${provider.title} ${built.repository}`;
    if (built.ref) return `The image is built from ${name}, ${refWords(built.ref)}.`;
    const newest = provider.defaultRef !== null ? ", newest version" : "";
    return `The image is built from ${name}${newest}.`;
  }

  function openedWords(launch) {
    const app = APPS[launch.app];
    if (app.opens === "nothing") return `${app.title} opens.`;
    if (launch.path) return `${app.title} opens ${launch.path}.`;
    return `${app.title} opens ${launch.content ? "the cloned folder" : "the top folder"}.`;
  }

  function words(launch) {
    const server = launch.server ? `, server ${python(launch.server)}` : "";
    const said = [`${launch.hub} is a ${HUBS[launch.kind]}${server}.`];
    said.push(launch.environment ? builtWords(launch.environment)
      : "The environment is what the hub gives to each person.");
    if (launch.content) {
      const { content } = launch;
      const branch = content.branch ? `branch ${content.branch}` : "default branch";
      const parent = launch.parent ? `${stripSlashes(launch.parent)}/` : "";
      said.push(`nbgitpuller clones ${content.repository}, ${branch}, ` +
        `into the folder ${parent}${cloneFolder(content)}.`);
      if (content.depth === 0) said.push("It fetches the full history.");
      else if (content.depth !== null && content.depth !== 1) {
        said.push(`It fetches the last ${content.depth} commits.`);
      }
    }
    said.push(openedWords(launch));
    return said;
  }

  // ---- badges ---------------------------------------------------------------------------------

  const MARKUPS = {
    markdown: (url, image, text) =>
      `[![${text.replace(/\\/g, "\\\\").replace(/[[\]]/g, "\\$&")}](${image})](${url})`,
    rst: (url, image, text) => `.. image:: ${image}\n   :target: ${url}\n   :alt: ${text}`,
    html: (url, image, text) =>
      `<a href="${escapeHtml(url)}"><img src="${escapeHtml(image)}" alt="${escapeHtml(text)}"></a>`,
    asciidoc: (url, image, text) => `image:${image}["${text}",link="${url}"]`,
  };

  function badges(launch, url) {
    const isBinder = launch.kind === "binder";
    const image = `${isBinder ? hubUrl(launch.hub) : MYBINDER}/badge_logo.svg`;
    const made = {};
    for (const [name, make] of Object.entries(MARKUPS)) {
      made[name] = make(url, image, isBinder ? "Binder" : "Launch");
    }
    return made;
  }

  // ---- the form -------------------------------------------------------------------------------

  function depthOf(text) {
    if (text === "") return null;
    if (!/^[0-9]{1,9}$/.test(text)) {
      throw new LinkError("OCT-O020", "depth", `“${text}” is no number of commits.`);
    }
    return Number(text);
  }

  // Return the launch that a form means.  All fields are texts; an empty environment is the
  // content's repository at the branch binder-build, an empty content pulls nothing.
  function launchOf(form) {
    if (!isProviderKind(form.kind)) throw new LinkError("OCT-O020", "kind", "no such hub");
    const isBinder = form.kind === "binder";
    if (isBinder && !form.environment && !form.content) {
      throw new LinkError("OCT-O020", "content", "Name the repository of the content.");
    }
    const hub = hubUrl(form.hub);
    let built = null;
    if (isBinder && form.environment) built = environment(form.environment, form.environmentRef);
    else if (isBinder) built = environment(form.content, form.environmentRef || BUILD_BRANCH);
    const content = form.content ? {
      repository: repositoryUrl(form.content),
      branch: form.branch,
      target: stripSlashes(form.target),
      depth: depthOf(form.depth),
    } : null;
    return { hub, kind: form.kind, environment: built, content, app: form.app,
             path: checkPath(form.path, "path"), server: isBinder ? "" : form.server,
             parent: stripSlashes(form.parent) };
  }

  const isProviderKind = (kind) => Object.hasOwn(HUBS, kind);

  // Return {link, words, badges}, or {code, field, message} for what is wrong with the form.
  function make(form) {
    try {
      const launch = launchOf(form);
      const link = build(launch);
      return { link, words: words(launch), badges: badges(launch, link) };
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      return { code: error.code, field: error.field, message: error.message };
    }
  }

  return { make, APPS, PROVIDERS, MARKUPS };
})();

if (typeof module !== "undefined") module.exports = octavoLinks;
