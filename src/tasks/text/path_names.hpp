#pragma once
// Names and endings by which a word is known for a file, or for none.
#include <string_view>
#include <unordered_set>

namespace orch::tasks {

using Names = std::unordered_set<std::string_view>;

/// Endings of files that are written by hand or by a build.
inline const Names& endings() {
  static const Names kEndings{
      "adoc",       "asm",    "astro", "awk",    "bash",      "bat",        "bib",     "c",
      "cc",         "cfg",    "cjs",   "clj",    "cmake",     "cmd",        "conf",    "cpp",
      "cs",         "csproj", "css",   "csv",    "cts",       "cue",        "cxx",     "dart",
      "dockerfile", "el",     "elm",   "erb",    "erl",       "ex",         "exs",     "fish",
      "fs",         "fsproj", "gd",    "gif",    "go",        "gradle",     "graphql", "h",
      "hbs",        "hcl",    "hpp",   "hrl",    "hs",        "htm",        "html",    "hxx",
      "ico",        "ini",    "ipynb", "java",   "jinja",     "jl",         "jpeg",    "jpg",
      "js",         "json",   "json5", "jsonc",  "jsonl",     "jsx",        "kt",      "kts",
      "less",       "lock",   "lua",   "md",     "mdc",       "mdx",        "mjs",     "mk",
      "ml",         "mli",    "mm",    "mod",    "mts",       "nix",        "php",     "pl",
      "plist",      "pm",     "png",   "prisma", "proto",     "ps1",        "psm1",    "py",
      "pyi",        "rake",   "rb",    "rs",     "rst",       "sass",       "scala",   "scss",
      "sh",         "sln",    "sol",   "sql",    "sqlite",    "storyboard", "sum",     "svelte",
      "svg",        "swift",  "tcl",   "tex",    "tf",        "tfvars",     "toml",    "tpl",
      "ts",         "tsv",    "tsx",   "ttf",    "txt",       "vb",         "vhd",     "vim",
      "vue",        "wasm",   "webp",  "woff2",  "xcodeproj", "xib",        "xlsx",    "xml",
      "xsd",        "yaml",   "yml",   "zig",    "zsh"};
  return kEndings;
}

/// Endings that words in code have too (`console.log`): they count below a directory only.
inline const Names& weak_endings() {
  static const Names kEndings{"db",   "env",      "log",   "m", "res", "service",
                              "spec", "template", "timer", "v", "r"};
  return kEndings;
}

inline const Names& whole_names() {
  static const Names kNames{"Dockerfile",  "Makefile",   "makefile", "GNUmakefile",
                            "Gemfile",     "Rakefile",   "Procfile", "Vagrantfile",
                            "Jenkinsfile", "Justfile",   "justfile", "Brewfile",
                            "Podfile",     "CODEOWNERS", "LICENSE",  "CMakeLists.txt"};
  return kNames;
}

/// "Next.js" is no file.
inline const Names& products() {
  static const Names kProducts{
      "node.js",    "next.js",    "vue.js",    "nuxt.js",     "react.js",    "express.js",
      "nest.js",    "three.js",   "d3.js",     "chart.js",    "ember.js",    "backbone.js",
      "alpine.js",  "day.js",     "moment.js", "p5.js",       "discord.js",  "fastify.js",
      "angular.js", "svelte.js",  "solid.js",  "socket.io",   "asp.net",     "vb.net",
      "ml.net",     "babylon.js", "deno.js",   "bun.js",      "electron.js", "redis.io",
      "auth.js",    "phaser.js",  "knex.js",   "htmx.js",     "leaflet.js",  "tensorflow.js",
      "video.js",   "hono.js",    "koa.js",    "nextauth.js", "passport.js", "meteor.js",
      "require.js", "web3.js",    "ethers.js"};
  return kProducts;
}

}  // namespace orch::tasks
