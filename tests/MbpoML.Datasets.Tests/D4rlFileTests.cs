namespace MbpoML.Datasets.Tests;

public class D4rlFileTests
{
    [Test]
    public void Next_observations_are_taken_from_the_file()
    {
        using var folder = new TemporaryFolder();
        var view = D4rlFile.Read(Hdf.D4rl(folder["log.hdf5"], withNext: true));
        Assert.Multiple(() =>
        {
            Assert.That(view.Floats("NextObservation"), Is.EqualTo(new[] { 1f, 2, 11, 12 }));
            Assert.That(view.Flags("Terminated"), Is.EqualTo(new[] { false, true, false, false }));
            Assert.That(view.Flags("Truncated"), Is.EqualTo(new[] { false, false, false, true }));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Without_them_no_step_is_paired_with_another_episode(bool withTimeouts)
    {
        using var folder = new TemporaryFolder();
        var view = D4rlFile.Read(Hdf.D4rl(folder["log.hdf5"], withNext: false, withTimeouts));
        Assert.Multiple(() =>
        {
            Assert.That(view.Floats("Observation"), Is.EqualTo(new[] { 0f, 1, 10 }));
            Assert.That(view.Floats("NextObservation"), Is.EqualTo(new[] { 1f, 1, 11 }));
            Assert.That(view.Flags("Terminated"), Is.EqualTo(new[] { false, true, false }));
            Assert.That(view.Flags("Truncated"), Is.EqualTo(new[] { false, false, true }));
            Assert.That(view.Episodes(), Is.EqualTo(new[] { 0, 0, 1 }));
        });
    }

    [Test]
    public void A_packed_file_that_h5py_wrote_is_read()
    {
        var view = D4rlFile.Read(Path.Combine(AppContext.BaseDirectory, "TestData", "h5py-d4rl.hdf5"));
        Assert.Multiple(() =>
        {
            Assert.That(view.RowCount, Is.EqualTo(28), "30 rows, of which two are the last of episodes that were cut");
            Assert.That(view.Episodes()[^1], Is.EqualTo(2));
            Assert.That(view.Flags("Terminated").Count(flag => flag), Is.EqualTo(1));
            Assert.That(view.Floats("Observation")[..3], Is.EqualTo(new[] { 0.12573022f, -0.13210486f, 0.64042264f }).Within(1e-6));
        });
    }

    [Test]
    public void A_size_that_the_file_cannot_hold_is_refused_before_memory_is_taken()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Hdf.D4rl(folder["log.hdf5"], withNext: false));
        // Every dimension of 4 rows claims 2^34.
        for (var at = 0; at + 8 <= bytes.Length; at++)
            if (BitConverter.ToUInt64(bytes, at) == 4) BitConverter.TryWriteBytes(bytes.AsSpan(at), 1UL << 34);
        File.WriteAllBytes(folder["log.hdf5"], bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => D4rlFile.Read(folder["log.hdf5"]), Throws.TypeOf<DatasetException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(50_000_000));
    }

    [Test]
    public void Something_else_is_refused_with_what_it_holds()
    {
        using var folder = new TemporaryFolder();
        Hdf.Save(folder["log.hdf5"], ("pressure", new double[3]));
        Assert.That(() => D4rlFile.Read(folder["log.hdf5"]), Throws.TypeOf<DatasetException>().With.Message.Contain("'observations'. It has 'pressure'"));
    }
}
