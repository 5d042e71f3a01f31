namespace MbpoML.Tests.Documentation;

public class LinkTests
{
    [TestCaseSource(typeof(Page), nameof(Page.All))]
    public void Relative_links_lead_to_files_and_headings(string path)
    {
        var page = new Page(path);
        Assert.Multiple(() =>
        {
            foreach (var link in page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
            {
                var parts = link.Split('#');
                var target = parts[0].Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, parts[0]);
                Assert.That(File.Exists(target) || Directory.Exists(target), $"{Path.GetFileName(path)} links to {link}, which is not there");
                if (parts.Length > 1 && File.Exists(target))
                    Assert.That(new Page(target).Anchors, Does.Contain(parts[1]), $"{Path.GetFileName(path)} links to {link}");
            }
        });
    }

    [Test]
    public void The_index_lists_every_page()
    {
        var listed = Page.Named("index.md").Links;
        var decisions = new Page(Repository.At("docs", "decisions", "README.md")).Links.Select(link => $"decisions/{link}");
        var pages = Directory.EnumerateFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.At("docs"), path).Replace('\\', '/')).Where(name => name != "index.md");
        Assert.That(pages, Is.SubsetOf(listed.Concat(decisions)));
    }
}
