using System.Buffers.Binary;

namespace MbpoML.Mujoco.Checks;

/// <summary>MuJoCo's own binary format of meshes: four counts, then vertices, normals, texture coordinates and faces.</summary>
internal static class MshFile
{
    private const int HeaderSize = 16;

    /// <exception cref="MujocoException">A face has a vertex that is not there.</exception>
    public static void Check(string file, MjcfElement element, string where)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        if (bytes.Length < HeaderSize) return;
        var (vertices, normals, coordinates, faces) = (Int(bytes), Int(bytes[4..]), Int(bytes[8..]), Int(bytes[12..]));
        // In 64 bits, while MuJoCo's own check overflows.
        var size = HeaderSize + (12L * vertices) + (12L * normals) + (8L * coordinates) + (12L * faces);
        if (vertices < 0 || normals < 0 || coordinates < 0 || faces < 0 || size != bytes.Length)
            throw element.Wrong(
                Invariant($"has {where} with {vertices} vertices, {normals} normals, {coordinates} texture coordinates and {faces} faces, which makes ") +
                    Invariant($"{size} bytes, but it has {bytes.Length}. The file is damaged."));
        Faces(bytes[^(12 * faces)..], vertices, element, where);
    }

    /// <summary>Looks at the vertices of faces.</summary>
    public static void Faces(ReadOnlySpan<byte> faces, int vertices, MjcfElement element, string where)
    {
        for (; faces.Length >= sizeof(int); faces = faces[sizeof(int)..])
            if (Int(faces) is var index && (index < 0 || index >= vertices))
                throw element.Wrong(
                    Invariant($"has {where} with a face of vertex {index}, but the file's {vertices} vertices are numbered from 0. The file is damaged."));
    }

    private static int Int(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
