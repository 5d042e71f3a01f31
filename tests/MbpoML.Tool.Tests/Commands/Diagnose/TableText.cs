using MbpoML.Tool.Display;

namespace MbpoML.Tool.Tests.Commands.Diagnose;

/// <summary>What a table says, as a command writes it.</summary>
internal static class TableText
{
    /// <summary>The rows below the heading, their cells parted by one space.</summary>
    public static string[] Rows(PlainTable table)
    {
        using var output = new StringWriter();
        new ToolConsole(output, TextWriter.Null, IsLive: false).Rich.Write(table);
        string[] lines = [.. output.ToString().Split('\n').Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Length > 0)];
        return lines[(Array.FindIndex(lines, line => line.StartsWith('─') || line.StartsWith('-')) + 1)..];
    }
}
