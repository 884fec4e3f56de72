import java.io.File;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.ElementDraft;
import org.gephi.io.importer.api.ImportController;
import org.gephi.project.api.ProjectController;
import org.openide.util.Lookup;

/**
 * What Gephi makes of the files of a folder, a line each, its words escaped as in a web address: file, issue, node and
 * edge; after these the columns, as title, type and value.
 */
class Read {
    private static PrintStream out;

    public static void main(String[] folder) throws Exception {
        out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        Lookup.getDefault().lookup(ProjectController.class).newProject();
        var importer = Lookup.getDefault().lookup(ImportController.class);
        var files = new File(folder[0]).listFiles();
        Arrays.sort(files);
        for (var file : files) {
            var found = read(importer, file);
            if (found == null) {
                continue;
            }
            for (var issues = found.getReport().getIssues(1000); issues.hasNext();) {
                var issue = issues.next();
                say("issue", issue.getLevel(), issue.getMessage());
            }
            for (var node : found.getUnloader().getNodes()) {
                say("node", with(node, node.getId(), node.getLabel()));
            }
            for (var edge : found.getUnloader().getEdges()) {
                say("edge", with(edge, edge.getId(), edge.getSource().getId(), edge.getTarget().getId(),
                    edge.getWeight(), edge.getDirection()));
            }
        }
        out.flush();
        System.exit(0);
    }

    private static Container read(ImportController importer, File file) throws Exception {
        try {
            var found = importer.importFile(file);
            say("file", file.getName(), found.getUnloader().getEdgeDefault());
            return found;
        } catch (RuntimeException refused) {
            say("file", file.getName(), "");
            say("issue", "REFUSED", refused);
            return null;
        }
    }

    private static Object[] with(ElementDraft element, Object... first) {
        var words = new ArrayList<Object>(Arrays.asList(first));
        for (var column : element.getColumns()) {
            if (element.getValue(column.getId()) != null) {
                words.add(column.getTitle());
                words.add(column.getTypeClass().getSimpleName());
                words.add(element.getValue(column.getId()));
            }
        }
        return words.toArray();
    }

    private static void say(String what, Object... words) {
        var line = new StringBuilder(what);
        for (var word : words) {
            line.append(' ').append(word == null ? "" : URLEncoder.encode(word.toString(), StandardCharsets.UTF_8));
        }
        out.println(line);
    }
}
