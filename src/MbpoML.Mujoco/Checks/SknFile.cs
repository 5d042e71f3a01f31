using System.Buffers.Binary;

namespace MbpoML.Mujoco.Checks;

/// <summary>
/// MuJoCo's binary format of skins: four counts, vertices, texture coordinates, faces, and bones with a name, a pose and the vertices that they move.
/// </summary>
internal static class SknFile
{
    private const int HeaderSize = 16, BoneSize = 18 * sizeof(int), CountAt = 17 * sizeof(int), WeightedVertexSize = 8;

    /// <exception cref="MujocoException">It is shorter than its counts say, or a face has a vertex that is not there.</exception>
    public static void Check(string file, MjcfElement element, string where)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        if (bytes.Length < HeaderSize) return;
        var (vertices, coordinates, faces, bones) = (Int(bytes), Int(bytes[4..]), Int(bytes[8..]), Int(bytes[12..]));
        // In 64 bits, while MuJoCo's own check overflows.
        var at = HeaderSize + (12L * vertices) + (8L * coordinates);
        if (vertices < 0 || coordinates < 0 || faces < 0 || bones < 0 || at + (12L * faces) + ((long)BoneSize * bones) > bytes.Length)
            throw element.Wrong(
                Invariant($"has {where} with {vertices} vertices, {coordinates} texture coordinates, {faces} faces and {bones} bones, more than its ") +
                    Invariant($"{bytes.Length} bytes hold. The file is damaged."));
        MshFile.Faces(bytes.Slice((int)at, 12 * faces), vertices, element, where);
        at += 12L * faces;
        for (var bone = 0; bone < bones; bone++)
        {
            var count = at + BoneSize <= bytes.Length ? Int(bytes[(int)(at + CountAt)..]) : -1;
            at += BoneSize + ((long)WeightedVertexSize * count);
            if (count < 0 || at > bytes.Length) throw element.Wrong(Invariant($"has {where}, which ends inside bone {bone} of {bones}. The file is damaged."));
        }
    }

    private static int Int(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
