using System.Buffers.Binary;
using System.IO.Compression;
using MbpoML.Tests;

namespace MbpoML.Mujoco.Tests;

/// <summary>Meshes, skins and images from strangers that would end the process inside MuJoCo.</summary>
[Category("Text")]
public class HostileAssetTests
{
    private const string Obj = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvn 0 0 1\nf 1//1 2//1 4//1\nf 1//1 4//1 3//1\nf 1//1 3//1 2//1\nf -3//-1 -2//-1 -1//-1\n";

    private static readonly int[] Vertices = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
    private static readonly int[] Faces = [0, 1, 3, 0, 3, 2, 0, 2, 1, 1, 2, 3];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Sound_files_are_accepted()
    {
        File.WriteAllText(_folder["a.obj"], Obj);
        Mesh("a.obj");
        File.WriteAllBytes(_folder["a.msh"], Msh(4, Faces));
        Mesh("a.msh");
        File.WriteAllBytes(_folder["a.stl"], Stl(4));
        Mesh("a.stl");
        File.WriteAllBytes(_folder["a.skn"], Skn(Faces, weighted: 4));
        Load("<skin name=\"a\" file=\"a.skn\"/>");
        File.WriteAllBytes(_folder["a.png"], Png(4, 4, 4 * 13));
        Load("<texture name=\"a\" type=\"2d\" file=\"a.png\"/>");
        File.WriteAllBytes(_folder["a.tex"], [.. Ints(2, 2), .. new byte[12]]);
        Load("<texture name=\"a\" type=\"2d\" file=\"a.tex\"/>");
        File.WriteAllBytes(_folder["a.hf"], [.. Ints(2, 2), .. new byte[16]]);
        Load("<hfield name=\"a\" size=\"1 1 1 1\" file=\"a.hf\"/>");
    }

    [TestCase("f 1 2 999999999", "line 10", "vertex 999999999", "4 vertices")]
    [TestCase("f 1 2 5", "vertex 5")]
    [TestCase("f 1 2 -5", "vertex -5")]
    [TestCase("f 1 2 99999999999999999999", "vertex 2147483647")]
    [TestCase("f 1 2 \v99", "vertex 99")]
    [TestCase("v\nf 1 2 5", "vertex 5")]
    [TestCase("f 1//1 2//1 3//99999", "normal 99999", "1 normals")]
    [TestCase("f 1/7/1 2/7/1 3/7/1", "texture coordinate 7")]
    [TestCase("mtllib x.mtl ../../../../../../../../dev/zero", "line 10", "dev/zero")]
    [TestCase("t crease 2000000000/0/0", "tag (t) in line 10")]
    public void Faces_of_an_OBJ_file_have_its_vertices(string line, params string[] why)
    {
        File.WriteAllText(_folder["a.obj"], Obj + line);
        Refused("<mesh name=\"a\" file=\"a.obj\"/>", ["<mesh name=\"a\"> has file=\"a.obj\"", .. why]);
    }

    [TestCase("v 0 0 0\nv 1 0 0\n", "at least 4")]
    [TestCase("v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvn 0 0 1\n", "normals (vn)")]
    [TestCase("v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvt 0 0\nf 1 2\n", "texture coordinates (vt)")]
    public void An_OBJ_file_without_faces_needs_vertices_and_all_that_goes_with_them(string text, string why)
    {
        File.WriteAllText(_folder["a.obj"], text);
        Refused("<mesh name=\"a\" file=\"a.obj\"/>", "a.obj", why);
    }

    [TestCase(99999999)]
    [TestCase(-1)]
    [TestCase(4)]
    public void Faces_of_MSH_and_SKN_files_have_their_vertices(int vertex)
    {
        File.WriteAllBytes(_folder["a.msh"], Msh(4, [0, 1, vertex]));
        Refused("<mesh name=\"a\" file=\"a.msh\"/>", $"vertex {vertex}", "4 vertices");
        File.WriteAllBytes(_folder["a.skn"], Skn([0, 1, vertex], weighted: 4));
        Refused("<skin name=\"a\" file=\"a.skn\"/>", $"vertex {vertex}", "4 vertices");
    }

    // Each makes 0 or little more bytes where they are counted in 32 bits.
    [Test]
    public void Sizes_that_overflow_are_refused()
    {
        File.WriteAllBytes(_folder["a.msh"], Ints(0x40000000, 0x40000000, 0, 0));
        Refused("<mesh name=\"a\" file=\"a.msh\"/>", "1073741824 vertices", "it has 16");
        File.WriteAllBytes(_folder["a.skn"], Ints(0x40000000, 0, 0, 0));
        Refused("<skin name=\"a\" file=\"a.skn\"/>", "1073741824 vertices", "16 bytes");
        File.WriteAllBytes(_folder["b.skn"], Skn(Faces, weighted: 0x40000000));
        Refused("<skin name=\"a\" file=\"b.skn\"/>", "bone 0 of 1");
        File.WriteAllBytes(_folder["a.tex"], Ints(65536, 65536));
        Refused("<texture name=\"a\" type=\"2d\" file=\"a.tex\"/>", "65536 by 65536 in 8 bytes");
        Refused("<texture name=\"a\" type=\"cube\" fileup=\"a.tex\"/>", "65536 by 65536 in 8 bytes");
        Refused("<hfield name=\"a\" size=\"1 1 1 1\" file=\"a.tex\"/>", "65536 by 65536 in 8 bytes");
    }

    [Test]
    public void A_PNG_file_that_unpacks_to_more_than_the_memory_is_refused()
    {
        File.WriteAllBytes(_folder["a.png"], Png(60_000, 60_000, 100));
        Refused("<texture name=\"a\" type=\"2d\" file=\"a.png\"/>", "3600000000 pixels", "at most 268435456");
        File.WriteAllBytes(_folder["b.png"], Png(4, 4, 1_000_000));
        Refused("<texture name=\"a\" type=\"2d\" file=\"b.png\"/>", "b.png", "more is packed");
    }

    [Test]
    public void Files_are_found_wherever_the_compiler_has_them_and_pipes_are_not_waited_for()
    {
        Directory.CreateDirectory(_folder["meshes"]);
        File.WriteAllBytes(Path.Combine(_folder["meshes"], "a.msh"), Msh(4, [0, 1, 77]));
        foreach (var (compiler, file) in new[] { ("meshdir=\"meshes\"", "a.msh"), ("meshdir=\"meshes/\"", "a.msh"),
            ($"meshdir=\"{_folder["meshes"]}\"", "a.msh"), ("meshdir=\"meshes\" strippath=\"true\"", "x\\y/a.msh") })
            RefusedWith(compiler, $"<mesh name=\"a\" file=\"{file}\"/>", "vertex 77");
        File.WriteAllBytes(_folder["none.stl"], []);
        Refused("<mesh name=\"a\" file=\"none.stl\"/>", "none.stl", "empty, or no ordinary file");
        if (File.Exists("/dev/zero")) Refused("<mesh name=\"a\" file=\"/dev/zero\"/>", "/dev/zero", "empty, or no ordinary file");
    }

    [Test]
    public void Damaged_files_give_models_or_errors()
    {
        var random = new Random(1);
        (string Name, byte[] Bytes, string Asset)[] files =
        [
            ("a.obj", System.Text.Encoding.ASCII.GetBytes(Obj), "<mesh name=\"a\" file=\"a.obj\"/>"),
            ("a.msh", Msh(4, Faces), "<mesh name=\"a\" file=\"a.msh\"/>"),
            ("a.stl", Stl(4), "<mesh name=\"a\" file=\"a.stl\"/>"), ("a.skn", Skn(Faces, 4), "<skin name=\"a\" file=\"a.skn\"/>"),
            ("a.png", Png(4, 4, 52), "<texture name=\"a\" type=\"2d\" file=\"a.png\"/>"),
        ];
        var accepted = 0;
        for (var trial = 0; trial < 500; trial++)
        {
            var (name, bytes, asset) = files[trial % files.Length];
            var damaged = bytes[..(random.Next(4) == 0 ? random.Next(1, bytes.Length) : bytes.Length)];
            for (var flips = random.Next(0, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : 0xFF);
            File.WriteAllBytes(_folder[name], damaged);
            try
            {
                Load(asset);
                accepted++;
            }
            catch (MujocoException)
            {
                // What the test allows.
            }
        }

        Assert.That(accepted, Is.InRange(100, 400), "some damage does no harm");
    }

    private static byte[] Ints(params int[] values)
    {
        var bytes = new byte[sizeof(int) * values.Length];
        for (var index = 0; index < values.Length; index++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int) * index), values[index]);
        return bytes;
    }

    private static byte[] Floats(IEnumerable<int> values) => Ints([.. values.Select(value => BitConverter.SingleToInt32Bits(value))]);

    private static byte[] Msh(int vertices, int[] faces) => [.. Ints(vertices, 0, 0, faces.Length / 3), .. Floats(Vertices), .. Ints(faces)];

    private static byte[] Stl(int faces) =>
        [.. new byte[80], .. Ints(faces), .. Enumerable.Range(0, faces)
            .SelectMany(face => (byte[])[.. new byte[12], .. Floats(Faces[(3 * face)..][..3].SelectMany(vertex => Vertices[(3 * vertex)..][..3])), 0, 0])];

    private static byte[] Skn(int[] faces, int weighted) =>
        [.. Ints(4, 0, faces.Length / 3, 1), .. Floats(Vertices), .. Ints(faces), .. "world"u8, .. new byte[35], .. Floats([0, 0, 0, 1, 0, 0, 0]),
            .. Ints(weighted), .. Ints(0, 1, 2, 3), .. Floats([1, 1, 1, 1])];

    private static byte[] Png(int width, int height, int unpacked)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(new byte[unpacked]);
        byte[] size = [.. Ints(BinaryPrimitives.ReverseEndianness(width), BinaryPrimitives.ReverseEndianness(height)), 8, 2, 0, 0, 0];
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, size), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];

        static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            byte[] named = [.. type, .. data];
            return [.. Ints(BinaryPrimitives.ReverseEndianness(data.Length)), .. named, .. Ints(BinaryPrimitives.ReverseEndianness((int)Crc(named)))];
        }

        static uint Crc(byte[] bytes) =>
            ~bytes.Aggregate(uint.MaxValue,
                (crc, value) => Enumerable.Range(0, 8).Aggregate(crc ^ value, (rest, _) => (rest >> 1) ^ (0xEDB88320u & (uint)-(int)(rest & 1))));
    }

    private void Mesh(string file) => Load($"<mesh name=\"a\" file=\"{file}\"/>", geom: "<geom type=\"mesh\" mesh=\"a\"/>");

    private void Load(string asset, string compiler = "", string geom = "")
    {
        File.WriteAllText(_folder["model.xml"], $"<mujoco><compiler {compiler}/><asset>{asset}</asset><worldbody>{geom}</worldbody></mujoco>");
        MujocoModel.FromFile(_folder["model.xml"]).Dispose();
    }

    private void Refused(string asset, params string[] parts) => RefusedWith("", asset, parts);

    private void RefusedWith(string compiler, string asset, params string[] parts)
    {
        var message = Assert.Throws<MujocoException>(() => Load(asset, compiler))!.Message;
        Assert.Multiple(() =>
        {
            foreach (var part in parts) Assert.That(message, Does.Contain(part));
        });
    }
}
