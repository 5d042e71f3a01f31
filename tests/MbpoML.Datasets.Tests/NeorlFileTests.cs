using System.Runtime.InteropServices;

namespace MbpoML.Datasets.Tests;

public class NeorlFileTests
{
    [Test]
    public void Terminations_and_truncations_are_kept_apart()
    {
        using var folder = new TemporaryFolder();
        var view = NeorlFile.Read(Npz.Honest().Save(folder["log.npz"]));
        Assert.Multiple(() =>
        {
            Assert.That(view.Floats("Observation"), Is.EqualTo(new[] { 0f, 1, 2, 3, 10, 11, 12, 13 }));
            Assert.That(view.Floats("NextObservation"), Is.EqualTo(new[] { 2f, 3, 4, 5, 12, 13, 14, 15 }));
            Assert.That(view.Flags("Terminated"), Is.EqualTo(new[] { false, true, false, false }));
            Assert.That(view.Flags("Truncated"), Is.EqualTo(new[] { false, false, false, true }));
            Assert.That(view.Episodes(), Is.EqualTo(new[] { 0, 0, 1, 1 }));
        });
    }

    [Test]
    public void Without_truncations_an_episode_ends_where_the_next_row_begins_elsewhere()
    {
        using var folder = new TemporaryFolder();
        var view = NeorlFile.Read(Npz.Honest().Without("truncated").Add("done", [4], 0, 0, 0, 0).Save(folder["log.npz"]));
        Assert.That(view.Flags("Truncated"), Is.EqualTo(new[] { false, true, false, true }));
    }

    [TestCase("<f8")]
    [TestCase(">f8")]
    [TestCase("<i8")]
    [TestCase(">i4")]
    [TestCase("<f2")]
    [TestCase("|b1")]
    [TestCase("|u1")]
    [TestCase("<u2")]
    public void Every_type_of_numbers_is_read(string type)
    {
        using var folder = new TemporaryFolder();
        var data = new float[] { 0, 1, 0, 1 }.SelectMany(value => Bytes(type, value)).ToArray();
        var view = NeorlFile.Read(Npz.Honest().Raw("reward", Npz.Header($"{{'descr': '{type}', 'fortran_order': False, 'shape': (4,), }}", version: 2), data)
            .Save(folder["log.npz"]));
        Assert.That(view.Floats("Reward"), Is.EqualTo(new[] { 0f, 1, 0, 1 }));
    }

    [Test]
    public void An_array_in_columns_is_turned()
    {
        using var folder = new TemporaryFolder();
        var columns = MemoryMarshal.AsBytes<float>([0, 2, 10, 12, 1, 3, 11, 13]).ToArray();
        var view = NeorlFile.Read(
            Npz.Honest().Raw("obs", Npz.Header("{'descr': '<f4', 'fortran_order': True, 'shape': (4, 2), }"), columns).Save(folder["log.npz"]));
        Assert.That(view.Floats("Observation"), Is.EqualTo(new[] { 0f, 1, 2, 3, 10, 11, 12, 13 }));
    }

    private static byte[] Bytes(string type, float value)
    {
        byte[] bytes = type[1..] switch
        {
            "f8" => BitConverter.GetBytes((double)value),
            "f2" => BitConverter.GetBytes((Half)value),
            "i8" => BitConverter.GetBytes((long)value),
            "i4" => BitConverter.GetBytes((int)value),
            "u2" => BitConverter.GetBytes((ushort)value),
            _ => [(byte)value],
        };
        return type[0] == '>' ? [.. bytes.Reverse()] : bytes;
    }
}
