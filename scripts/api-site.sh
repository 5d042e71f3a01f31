#!/usr/bin/env bash
# Makes the site of the documentation in artifacts/site: all pages, and a reference of every public member from the XML comments, by DocFX.
# It fails where a page or a comment names something that is not there. Open artifacts/site/index.html, or serve it: artifacts/tools/docfx serve artifacts/site
# REPOSITORY_URL=https://... makes addresses of links to sources; without it they become plain text.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=artifacts/tools source=artifacts/site-source site=artifacts/site
packages=(MbpoML MbpoML.Mujoco MbpoML.Datasets MbpoML.Plotting MbpoML.Experiments MbpoML.Dashboard MbpoML.Orleans)
[[ -x $tools/docfx ]] || dotnet tool install --tool-path "$tools" docfx --version 2.81.0

rm -rf "$source" "$site"
mkdir -p "$source"
for package in "${packages[@]}"; do
  [[ -n ${NO_BUILD:-} ]] || dotnet build "src/$package" -c Release -v q --nologo
done

# The pages keep their places, so that their links stay as they are. The folder of curves and sources are no part of the site.
git ls-files -co --exclude-standard -- '*.md' 'docs/images/*.png' 'docs/images/*.svg' 'docs/images/*.webp' 'docs/images/*.gif' 'docs/images/*.csv' LICENSE CITATION.cff | while read -r file; do
  if [[ -f $file && $file != .github/* ]]; then echo "$file"; fi
done | tar -c -T - | tar -x -C "$source"
mv "$source/README.md" "$source/index.md"

# A link to a page or a picture stays; a link to a folder leads to its page; what the site does not have becomes an address or plain text.
find "$source" -name '*.md' -print0 | SOURCE=$source ADDRESS=${REPOSITORY_URL:-} xargs -0 perl -0pi -e '
    sub target {
      my ($text, $to) = @_;
      return "[$text]($to)" if $to =~ m{^(https?:|\#|mailto:)};
      my ($path, $anchor) = $to =~ m{^([^#]*)(#.*)?$};
      $anchor //= "";
      my $full = substr($ARGV, length("$ENV{SOURCE}/")) =~ s{[^/]*$}{}r . $path;
      1 while $full =~ s{(^|/)\./}{$1} || $full =~ s{(^|/)(?!\.\./)[^/]+/\.\./}{$1};
      $full =~ s{/$}{};
      return "[$text]($path$anchor)" if -f "$ENV{SOURCE}/$full";
      return "[$text](" . ($path =~ s{README\.md$}{index.md}r) . "$anchor)" if $full eq "README.md";
      return "[$text](" . ($path =~ s{/$}{}r) . "/README.md$anchor)" if -f "$ENV{SOURCE}/$full/README.md";
      return $ENV{ADDRESS} ? "[$text]($ENV{ADDRESS}/blob/HEAD/$full$anchor)" : $text;
    }
    my @parts = split /(^```.*?^```)/ms;
    for my $part (@parts) { $part =~ s{(?<!!)\[([^\]]*)\]\(([^)\s]+)\)}{target($1, $2)}ge unless $part =~ /^```/; }
    $_ = join "", @parts;'

{
  printf '{\n  "metadata": [{\n    "src": [{ "src": "../..", "files": ['
  separator=''
  for package in "${packages[@]}"; do
    printf '%s"src/%s/bin/Release/net10.0/%s.dll"' "$separator" "$package" "$package"
    separator=', '
  done
  printf '] }],\n    "dest": "api", "namespaceLayout": "nested"\n  }],\n'
  cat <<'JSON'
  "build": {
    "content": [{ "files": ["api/**.yml", "**/*.md", "toc.yml", "docs/toc.yml"] }],
    "resource": [{ "files": ["docs/images/**", "LICENSE", "CITATION.cff"] }],
    "output": "../site",
    "template": ["default", "modern", "template"],
    "globalMetadata": { "_appName": "MbpoML", "_appTitle": "MbpoML", "_enableSearch": true, "_disableContribution": true }
  }
}
JSON
} >"$source/docfx.json"
# No colours where no language is named, and no logo of another project.
mkdir -p "$source/template/public"
echo 'export default { configureHljs: hljs => hljs.configure({ languages: [] }) }' >"$source/template/public/main.js"
echo '#logo { display: none } code { color: inherit }' >"$source/template/public/main.css"
cat >"$source/toc.yml" <<'YAML'
- name: Documentation
  href: docs/
- name: API
  href: api/
- name: Changes
  href: CHANGELOG.md
YAML

# The contents at the side are the groups of docs/index.md, and its tables.
awk '
  /^## / { print "- name: \"" substr($0, 4) "\""; print "  items:" }
  /^\| \[/ { split($0, cell, "|"); match(cell[2], /\[[^]]*\]/); name = substr(cell[2], RSTART + 1, RLENGTH - 2)
             match(cell[2], /\([^)]*\)/); target = substr(cell[2], RSTART + 1, RLENGTH - 2)
             print "  - name: \"" name "\""; print "    href: " target }' docs/index.md >"$source/docs/toc.yml"

# What other packages would need and do not bring is no fault of ours.
"$tools/docfx" metadata "$source/docfx.json" | tee "$source/metadata.log"
if grep '^warning' "$source/metadata.log" | grep -v InvalidAssemblyReference; then
  echo "scripts/api-site.sh: a comment names something that is not there; see above." >&2
  exit 1
fi
"$tools/docfx" build "$source/docfx.json" --warningsAsErrors
echo "The site is in $site: $(find "$site" -name '*.html' | wc -l) pages."
