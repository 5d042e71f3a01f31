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

    /// <summary>All styles as one file: a browser asks for few files at once.</summary>
    public static PageFile Styles { get; } = Join("page.css", "text/css; charset=utf-8", "uPlot.css", "page.css", "parts.css");

    /// <summary>All scripts as one file, in the order in which they run.</summary>
    public static PageFile Scripts { get; } = Join(
        "page.js", "text/javascript; charset=utf-8", "uPlot.js", "text.js", "curves.js", "store.js", "view.js", "chart.js", "picture.js", "runs.js",
        "charts.js", "stages.js", "differences.js", "films.js", "axes.js", "studies.js", "page.js");

    /// <summary>The page, with a place for what it needs.</summary>
    public static PageFile Page { get; } = Join(Index, "text/html; charset=utf-8", Index);

    /// <summary>Its content as bytes.</summary>
    public byte[] Content { get; } = Encoding.UTF8.GetBytes(Text);

    /// <summary>What a policy of content names it by where it stands inside the page.</summary>
    public string Hash { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";

    private static PageFile Join(string name, string contentType, params string[] parts) => new(name, contentType, string.Join('\n', parts.Select(Read)));

    private static string Read(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream($"Page.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
