using System.IO.Compression;

namespace MbpoML.Datasets.Tests;

[Category("Text")]
public class HostileNpzTests
{
    private const string Four = "'fortran_order': False, 'shape': (4,), }";

    private static IEnumerable<TestCaseData> Files =>
    [
        Case("objects", npz => npz.Raw("reward", Npz.Header($"{{'descr': '|O', {Four}"), new byte[16]), "'reward'", "pickle"),
        Case("records", npz => npz.Raw("reward", Npz.Header($"{{'descr': [('a', '<f4')], {Four}"), new byte[16]), "'reward'", "records"),
        Case("texts", npz => npz.Raw("reward", Npz.Header($"{{'descr': '<U4', {Four}"), new byte[64]), "'reward'", "'U4'"),
        Case("no head", npz => npz.Raw("reward", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], []), "'reward'", "does not begin"),
        Case("a cut head", npz => npz.Raw("reward", Npz.Header("{}")[..9], []), "'reward'"),
        Case("a huge head", npz => npz.Raw("reward", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 127], []), "'reward'", "2147483647 bytes"),
        Case("a huge size",
            npz => npz.Raw("reward", Npz.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (9000000000000000000, 9), }"), []), "'reward'"),
        Case("a size that overflows", npz => npz.Raw("reward", Npz.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }"), []),
            "'reward'", "99999999999999999999"),
        Case("rows cut off", npz => npz.Raw("reward", Npz.Header($"{{'descr': '<f4', {Four}"), new byte[12]), "'reward'", "takes 16 bytes", "holds 12"),
        Case("other rows", npz => npz.Add("reward", [3], 1, 2, 3), "'reward' has the shape [3]", "[4, 1] is expected"),
        Case("a picture", npz => npz.Add("obs", [4, 1, 2], 0, 1, 2, 3, 10, 11, 12, 13), "'obs' has the shape [4, 1, 2]"),
        Case("next observations of another size", npz => npz.Add("next_obs", [4, 1], 1, 2, 3, 4), "'next_obs' has the shape [4, 1]"),
        Case("no number", npz => npz.Add("obs", [4, 2], 0, 1, 2, float.NaN, 10, 11, 12, 13), "'obs' holds NaN in row 1"),
        Case("discrete actions", npz => npz.Raw("action", Npz.Header($"{{'descr': '|i1', {Four}"), new byte[4]), "'action'", "discrete"),
        Case("a missing array", npz => npz.Without("reward"), "no dataset 'reward'", "'obs'"),
    ];

    [TestCaseSource(nameof(Files))]
    public void It_is_refused(object change, string[] fragments)
    {
        using var folder = new TemporaryFolder();
        var path = ((Func<Npz, Npz>)change)(Npz.Honest()).Save(folder["log.npz"]);
        var thrown = Assert.Throws<DatasetException>(() => NeorlFile.Read(path))!;
        Assert.Multiple(() =>
        {
            foreach (var fragment in (string[])[.. fragments, path]) Assert.That(thrown.Message, Does.Contain(fragment));
        });
    }

    [Test]
    public void A_bomb_is_not_unpacked()
    {
        using var folder = new TemporaryFolder();
        // 40 MB of zeros in some 40 kB, of which the other arrays know nothing.
        Npz.Honest().Raw("obs", Npz.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (5000000, 2), }"), new byte[40_000_000]).Save(folder["log.npz"]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => NeorlFile.Read(folder["log.npz"]), Throws.TypeOf<DatasetException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(5_000_000));
    }

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Npz.Honest().Save(folder["whole.npz"]));
        for (var length = 0; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(folder["log.npz"], whole[..length]);
            Assert.That(() => NeorlFile.Read(folder["log.npz"]), Throws.TypeOf<DatasetException>(), Invariant($"{length} bytes"));
        }
    }

    [Test]
    public void A_zip_of_other_files_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var zip = ZipFile.Open(folder["log.npz"], ZipArchiveMode.Create)) zip.CreateEntry("readme.txt");
        Assert.That(() => NeorlFile.Read(folder["log.npz"]), Throws.TypeOf<DatasetException>().With.Message.Contain("It has none"));
    }

    private static TestCaseData Case(string name, Func<Npz, Npz> change, params string[] fragments) =>
        new TestCaseData(change, fragments).SetArgDisplayNames(name);
}
