using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Numerics.Random;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>Rows sorted by the elite drawn for them.</summary>
public class MemberBlocksTests
{
    [Test]
    public void Every_row_stands_in_one_block_of_its_member_in_the_order_of_the_batch()
    {
        var (blocks, random) = (new MemberBlocks(32), new RandomSource(1));
        int[] elites = [6, 2, 4];
        // Memory is used again for batches of other sizes.
        foreach (var count in new[] { 0, 1, 200, 31, 32, 33, 500 })
        {
            var drawn = Enumerable.Range(0, count).Select(_ => (long)random.NextInt32(elites.Length)).ToArray();
            blocks.Sort(drawn, elites);
            var rows = Enumerable.Range(0, blocks.Count).SelectMany(index => blocks.Rows(blocks[index]).ToArray().Select(row => (blocks[index].Member, row)));
            // Sorting that keeps the order of equals.
            var expected = Enumerable.Range(0, count).OrderBy(row => drawn[row]).Select(row => (elites[drawn[row]], row));
            Assert.That(rows, Is.EqualTo(expected), $"{count} rows");
            Assert.That(Enumerable.Range(0, blocks.Count).Select(index => blocks[index].Count), Is.All.InRange(1, 32));
            Assert.That(blocks.Count, Is.EqualTo(drawn.GroupBy(elite => elite).Sum(rowsOfElite => (rowsOfElite.Count() + 31) / 32)));
        }
    }
}
