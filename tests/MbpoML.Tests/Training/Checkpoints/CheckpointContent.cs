using System.Security.Cryptography;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Tests.Training.Checkpoints;

/// <summary>What two runs are compared by.</summary>
internal static class CheckpointContent
{
    /// <summary>
    /// Type, shape and SHA-256 of every entry of a folder's newest checkpoint. Times are left out, and with them the metrics, which hold times.
    /// </summary>
    public static Dictionary<string, string> Of(string folder)
    {
        using var reader = new CheckpointReader(new CheckpointFolder(folder, 1).Files().First());
        return reader.Names.Where(name => !name.StartsWith("metrics/", StringComparison.Ordinal)).ToDictionary(name => name, name =>
        {
            using var tensor = reader.Tensor(name);
            return $"{tensor.dtype} [{string.Join(", ", tensor.shape)}] {Convert.ToHexString(SHA256.HashData(tensor.numel() == 0 ? [] : tensor.bytes))}";
        });
    }
}
