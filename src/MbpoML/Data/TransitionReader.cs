using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Reads data views into tensors.</summary>
public static class TransitionReader
{
    /// <summary>Reads transitions.</summary>
    public static TransitionTable Read(IDataView view, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        columns ??= TransitionColumns.Default;
        var observation = view.GetColumn<float[]>(columns.Observation).ToArray();
        var action = view.GetColumn<float[]>(columns.Action).ToArray();
        var reward = view.GetColumn<float>(columns.Reward).ToArray();
        var next = view.GetColumn<float[]>(columns.NextObservation).ToArray();
        var terminated = view.GetColumn<bool>(columns.Terminated).ToArray();
        var layout = new TransitionLayout(observation[0].Length, action[0].Length);
        float[] flat = [.. reward.SelectMany((value, row) => (float[])[.. observation[row], .. action[row], value, .. next[row], terminated[row] ? 1 : 0, 0])];
        return new TransitionTable(layout, tensor(flat).reshape(reward.Length, layout.Width));
    }
}
