namespace MbpoML.Experiments.Reports;

/// <summary>Names of users in Markdown pages and in the names of files.</summary>
internal static class MarkdownText
{
    /// <summary>A cell of a table, in which a stroke would begin the next one.</summary>
    /// <param name="text">The text.</param>
    public static string Cell(string text) => Plain(text).Replace("|", @"\|", StringComparison.Ordinal);

    /// <summary>Text of one line in which no tag and no comment begins: the marks of a report's place are comments.</summary>
    /// <param name="text">The text.</param>
    public static string Plain(string text) => string.Join(' ', text.Split('\r', '\n')).Replace("<", "&lt;", StringComparison.Ordinal);

    /// <summary>A picture; brackets end neither its text nor its address.</summary>
    /// <param name="text">What a reader sees who sees no pictures.</param>
    /// <param name="address">The address, as the page sees it.</param>
    public static string Picture(string text, string address)
    {
        var escaped = Plain(text).Replace("[", @"\[", StringComparison.Ordinal).Replace("]", @"\]", StringComparison.Ordinal);
        var quoted = $"<{address.Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal)}>";
        return $"![{escaped}]({(address.All(IsPlain) ? address : quoted)})";
    }

    /// <summary>The address of a picture, as the page sees it.</summary>
    /// <param name="page">The file of the page; null where it is printed, for a page in the working folder.</param>
    /// <param name="picture">The file of the picture.</param>
    public static string Address(string? page, string picture) =>
        Path.GetRelativePath(page is null ? Path.GetFullPath(".") : Path.GetDirectoryName(Path.GetFullPath(page)) ?? ".", Path.GetFullPath(picture))
            .Replace('\\', '/');

    /// <summary>The name of a task as a part of a file's name.</summary>
    /// <param name="task">The name of the task.</param>
    public static string FileName(string task) => new([.. task.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')]);

    private static bool IsPlain(char letter) => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or '+' or '~' or ':';
}
