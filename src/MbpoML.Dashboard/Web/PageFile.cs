using System.Security.Cryptography;
using System.Text;

namespace MbpoML.Dashboard.Web;

/// <summary>A file of the page, which the assembly holds.</summary>
/// <param name="Name">Its name, as in "page.js".</param>
/// <param name="ContentType">What the browser takes it for.</param>
/// <param name="Text">Its content.</param>
internal sealed record PageFile(string Name, string ContentType, string Text)
{
    /// <summary>The page itself.</summary>
    public const string Index = "index.html";

    /// <summary>The files of style, in their order.</summary>
    public static IReadOnlyList<PageFile> Styles { get; } =
        [.. new[] { "uPlot.css", "page.css", "parts.css" }.Select(name => Read(name, "text/css; charset=utf-8"))];

    /// <summary>The scripts, in the order in which they run.</summary>
    public static IReadOnlyList<PageFile> Scripts { get; } =
    [
        .. new[]
        {
            "uPlot.js", "text.js", "curves.js", "store.js", "view.js", "chart.js", "picture.js", "runs.js", "charts.js", "stages.js", "differences.js",
            "films.js", "studies.js", "page.js",
        }.Select(name => Read(name, "text/javascript; charset=utf-8")),
    ];

    /// <summary>The page, with a place for what it needs.</summary>
    public static PageFile Page { get; } = Read(Index, "text/html; charset=utf-8");

    /// <summary>Its content as bytes.</summary>
    public byte[] Content { get; } = Encoding.UTF8.GetBytes(Text);

    /// <summary>What a policy of content names it by where it stands inside the page.</summary>
    public string Hash { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";

    private static PageFile Read(string name, string contentType)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream($"Page.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new PageFile(name, contentType, reader.ReadToEnd());
    }
}
