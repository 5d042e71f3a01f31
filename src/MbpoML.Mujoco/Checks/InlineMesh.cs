namespace MbpoML.Mujoco.Checks;

/// <summary>The vertices and faces of meshes and skins that stand in the model itself.</summary>
internal static class InlineMesh
{
    /// <exception cref="MujocoException">A face has a vertex that is not there.</exception>
    public static void Check(MjcfElement element)
    {
        if (element["face"] is not { } face) return;
        if (element["file"] is { Length: > 0 }) throw element.Wrong($"has both {element.Written("file")} and faces of its own. Leave out one of them.");
        var vertices = MjcfNumbers.CountFloats(element["vertex"] ?? "") / 3;
        foreach (var index in MjcfNumbers.Integers(face))
            if (index < 0 || index >= vertices)
                throw element.Wrong(
                    Invariant($"has the index {index} in 'face', but ") +
                        Invariant($"{(vertices == 0 ? "no vertices" : Invariant($"its vertices are numbered 0 to {vertices - 1}"))}. Correct 'face' or ") +
                        "'vertex'.");
    }
}
