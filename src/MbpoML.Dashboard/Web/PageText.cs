using System.Text;
using System.Text.Json;
using MbpoML.Dashboard.Watching;

namespace MbpoML.Dashboard.Web;

/// <summary>Puts the page together: with links to its parts, or as one file that holds them and the data.</summary>
internal static class PageText
{
    private const string HeadPlace = "<!-- styles -->";
    private const string EndPlace = "<!-- scripts -->";
    private const string DataPlace = "<!-- data -->";

    /// <summary>The page as the server gives it.</summary>
    public static string Served { get; } = Fill(
        $"<link rel=\"stylesheet\" href=\"{PageFile.Styles.Name}\">\n", $"<script defer src=\"{PageFile.Scripts.Name}\"></script>\n");

    /// <summary>
    /// The page as one file. Its policy allows the scripts and styles that stand in it, by their hashes, and nothing else: no text of a run can become a
    /// script, and nothing is loaded.
    /// </summary>
    /// <param name="stream">Takes the file part by part: the data are large.</param>
    /// <param name="copy">The data.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteOfflineAsync(Stream stream, OfflineData copy, CancellationToken cancellationToken)
    {
        var policy = $"default-src 'none'; script-src {PageFile.Scripts.Hash}; style-src {PageFile.Styles.Hash}; " +
            "img-src data: blob:; media-src data:; base-uri 'none'; form-action 'none'";
        string[] parts = Fill(
            $"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<style>{PageFile.Styles.Text}</style>\n",
            $"<script type=\"application/json\" id=\"offline-data\">{DataPlace}</script>\n<script>{PageFile.Scripts.Text}</script>\n").Split(DataPlace);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(parts[0]), cancellationToken).ConfigureAwait(false);
        // The writer of JSON escapes '<', so that no text ends the element.
        await JsonSerializer.SerializeAsync(stream, copy, PageMessage.Form, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(parts[1]), cancellationToken).ConfigureAwait(false);
    }

    private static string Fill(string head, string end) =>
        PageFile.Page.Text.Replace(HeadPlace, head, StringComparison.Ordinal).Replace(EndPlace, end, StringComparison.Ordinal);
}
