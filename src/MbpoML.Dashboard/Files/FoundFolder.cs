using System.Security.Cryptography;
using System.Text;

namespace MbpoML.Dashboard.Files;

/// <summary>A folder with a run or a study in it.</summary>
/// <param name="Root">The folder that the user named, as a whole path.</param>
/// <param name="Relative">Where it lies below the root; empty for the root itself.</param>
/// <param name="Name">What the page calls it.</param>
/// <param name="HasStudy">Whether it holds the journal of a study, rather than a run.</param>
internal sealed record FoundFolder(string Root, string Relative, string Name, bool HasStudy)
{
    private const int IdentifierBytes = 8;

    /// <summary>What the page asks for it by: the same each time, and no path.</summary>
    public string Id { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{HasStudy}\n{Root}\n{Relative}")).AsSpan(0, IdentifierBytes));

    /// <summary>A file of the folder, below <see cref="Root"/>.</summary>
    public string In(params ReadOnlySpan<string> names) => Path.Combine([Relative, .. names]);
}
